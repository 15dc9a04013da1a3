#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <utility>

#include "engine/base/palette_head.h"
#include "engine/base/param_spec.h"
#include "engine/network/network.h"
#include "engine/training/noising.h"

namespace kiln {

// Noised sprites and what the network should say to them.
struct Example {
  at::Tensor x_t;        // [B, C, H, W]
  at::Tensor t;          // [B] fp32, step / T
  at::Tensor condition;  // [B, K + F]; all-zero rows are the null condition
  at::Tensor target;     // [B, …], whatever the objective compares the network's output with
  at::Tensor weight;     // [B] loss weights

  Example rows(std::int64_t first, std::int64_t count) const;
  Example on(c10::Device device) const;  // itself where it is there already
};

// What the network in training answers now to x_t [B, C, H, W], t [B] and condition [B, …], without a gradient.
using NetworkAnswers = std::function<at::Tensor(const at::Tensor& x_t, const at::Tensor& t, const at::Tensor& condition)>;

// What a network is trained for. Objects are constant, and may be used by several threads.
class Objective {
 public:
  explicit Objective(Noising noising) : noising_(std::move(noising)) {}
  virtual ~Objective() = default;

  // How many numbers the network has to give for a pixel of that many channels.
  virtual int outputs(int channels) const = 0;

  // Noises x [B, C, H, W], of class_numbers() (data/batches.h), for training step `step`: timesteps stratified over the batch, a
  // share of null conditions. Depends on its arguments alone, and on the kind of device that x is on, which makes the noise.
  // `classes` is on the CPU. network: for objectives that train on what the network itself makes.
  virtual Example training_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed, std::int64_t step,
                                   const NetworkAnswers& network = {}) const;

  // The same sprites at evenly spread timesteps with fixed noise, always with their class.
  virtual Example fixed_example(const at::Tensor& x, const at::Tensor& classes, std::uint64_t seed) const;

  // What the network should say to `sprites` if they are x, noised.
  virtual Example example_of(const at::Tensor& x, const NoisedSprites& sprites) const = 0;

  // [B], each sprite's weighted loss, with a gradient.
  virtual at::Tensor losses(Network& network, const Example& example) const = 0;
  // Their sum, a scalar.
  at::Tensor loss_sum(Network& network, const Example& example) const;

  const Noising& noising() const { return noising_; }
  const NoiseSchedule& schedule() const { return noising_.schedule(); }

 private:
  Noising noising_;
};

// The objective of a whole recipe on the sprites themselves; palette_head: that of the palette head, empty without one. Throws
// Failure(kInvalidArgument) where its parts do not go together.
std::unique_ptr<const Objective> make_objective(const ParamMap& recipe, ConditionGroups groups,
                                                const PaletteEntries& palette_head = {});

}  // namespace kiln
