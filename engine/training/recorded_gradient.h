#pragma once

#include <ATen/core/Tensor.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <utility>

#include "engine/device/device_stream.h"
#include "engine/network/blocks/dropout.h"
#include "engine/network/network.h"
#include "engine/training/objective.h"

namespace kiln {

// As DropoutSeed has it.
struct DropoutPlace {
  std::uint64_t seed = 0, first_row = 0;
};

// A network's pass forward and back over a number of rows, recorded on a GPU's stream and repeated: telling a GPU each operation
// takes several times as long as small batches take it.
class RecordedGradient {
 public:
  explicit RecordedGradient(std::unique_ptr<DeviceStream> stream) : stream_(std::move(stream)) {}
  ~RecordedGradient();
  RecordedGradient(const RecordedGradient&) = delete;
  RecordedGradient& operator=(const RecordedGradient&) = delete;

  // Adds the gradient of objective.loss_sum over the example to `gradients`, the flat memory of the network's; returns the loss, a
  // scalar in double precision. Undefined, and nothing is done, while a number of rows is too new to be worth a recording, and
  // where the device cannot record. The network and the objective must be the same, by address, each time, and outlive this.
  at::Tensor accumulate(Network& network, const at::Tensor& gradients, const Objective& objective, const Example& example,
                        const DropoutPlace& dropout);

 private:
  struct Recording {
    int passes = 0;
    Example example;  // where it reads
    DropoutTape dropout;
    at::Tensor loss;  // and writes
    std::function<void()> repeat;
  };
  bool record(Recording& recording, Network& network, const at::Tensor& gradients, const Objective& objective,
              const Example& example);

  std::unique_ptr<DeviceStream> stream_;
  bool can_record_ = true;
  std::size_t recorded_ = 0;
  std::map<std::pair<const Objective*, std::int64_t>, Recording> recordings_;  // by objective and number of rows
};

}  // namespace kiln
