#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "engine/base/palette_head.h"
#include "engine/base/param_spec.h"

namespace kiln {

// All that a run needs to go on. The order of the data, the noise and the learning rate follow from the recipe's seed and the step.
struct TrainingState {
  std::int64_t step = 0;                    // steps done
  at::Tensor weights, ema, mean, variance;  // [P] fp32
  at::Tensor buffers, ema_buffers;          // [Q] fp32: running statistics
  std::int64_t measured = 0;                // the step that was measured last
  double smoothed_loss = 0;
  double best_loss =
      0;  // of the validation, or where there is no validation split of the measured training sprites; infinity while there is none
  double loss_since_line = 0;  // sum over the steps since the last line of metrics
  std::int64_t steps_since_line = 0;
  std::string recipe_json;
  std::string data_json;  // where the sprites come from (run_record.h)
  std::string data_fingerprint;
  std::vector<std::string> classes;
  ParamMap sampling;            // of the model that it began from: how sprites come out best
  std::string teacher;          // Model::weights_hash() of the model that it distils; else ""
  PaletteEntries palette_head;  // of a palette head; else empty
  int threads = 0;              // compute threads, which decide the order of sums: another number ends in other bytes; 0: not known
};

// Writes RUN/checkpoint-<step>.safetensors, whole or not at all, then removes all but the newest `keep` up to it; those of later
// steps are an earlier run's.
void save_checkpoint(const std::filesystem::path& run, const TrainingState& state, int keep);

struct FoundCheckpoint {
  TrainingState state;
  std::vector<std::string> notes;  // newer ones that could not be read, with the reason
};

// The newest checkpoint in `run` that can be read. Nothing if there is none. Throws Failure(kCorrupt) if there are some, but none
// can be read.
std::optional<FoundCheckpoint> load_newest_checkpoint(const std::filesystem::path& run);

// The same; throws Failure(kNotFound) if there is none.
FoundCheckpoint checkpoint_to_resume(const std::filesystem::path& run);

// The checkpoints of a run, the newest first, with their steps.
std::vector<std::pair<std::int64_t, std::filesystem::path>> list_checkpoints(const std::filesystem::path& run);

}  // namespace kiln
