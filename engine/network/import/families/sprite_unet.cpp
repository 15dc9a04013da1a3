#include "engine/base/error.h"
#include "engine/network/import/families/families.h"

namespace kiln {
namespace {

bool matches(const Checkpoint& checkpoint) {
  return checkpoint.has("init_conv.conv1.0.weight") && checkpoint.has("timeembed1.model.0.weight") &&
         checkpoint.has("contextembed1.model.0.weight") && checkpoint.has("up0.0.weight") && checkpoint.has("out.3.weight");
}

// The weights know whether time came as a share or as a number of steps only through how large they are; only the person can tell.
void describe_time(FoundModel& found, const ImportOptions& options) {
  const bool steps = options.time == "steps";
  constexpr int kUsual = 500, kUsualWithSteps = 1000;
  found.diffusion.timesteps = options.timesteps > 0 ? options.timesteps : steps ? kUsualWithSteps : kUsual;
  found.params["time_scale"] = steps ? static_cast<double>(found.diffusion.timesteps) : 1.0;
  if (options.time.empty()) {
    found.notes.emplace_back(
        "the network is given the step as a share of all (t/T); pytorch-diffusion-sprites gives its networks the step's number");
  }
}

FoundModel describe(const Checkpoint& checkpoint, const ImportOptions& options) {
  FoundModel found;
  const int tile = checkpoint.size("up0.0.weight", 2);
  found.params["features"] = std::int64_t{checkpoint.size("init_conv.conv1.0.weight", 0)};
  found.shape = {4 * tile, 4 * tile, checkpoint.size("init_conv.conv1.0.weight", 1),
                 checkpoint.size("contextembed1.model.0.weight", 1)};
  if (options.size > 0 && options.size != found.shape.width) {
    throw Failure(ErrorCode::kInvalidArgument,
                  "this network makes sprites of " + std::to_string(found.shape.width) + "×" + std::to_string(found.shape.width) +
                      " and no others",
                  "leave out --size");
  }
  found.diffusion.schedule = "linear";
  found.diffusion.prediction = "eps";
  found.diffusion.legacy_noise = true;
  found.notes.emplace_back("trained further, it gets noise scaled by 1-ᾱ as those projects have it");
  describe_time(found, options);
  if (!checkpoint.has("init_conv.shortcut.weight")) {
    found.missing = {"init_conv.shortcut.weight", "init_conv.shortcut.bias"};
    found.notes.emplace_back(
        "the first block's 1×1 shortcut was never saved (mini-stable-diffusion made a new one at every call); it has fixed random "
        "weights");
  }
  return found;
}

}  // namespace

Family sprite_unet_family() {
  return {"sprite_unet",
          "mini-stable-diffusion, pytorch-diffusion-sprites",
          matches,
          {"bias",       "contextembed1", "contextembed2", "conv1",    "conv2",
           "down1",      "down2",         "init_conv",     "model",    "num_batches_tracked",
           "out",        "running_mean",  "running_var",   "shortcut", "timeembed1",
           "timeembed2", "up0",           "up1",           "up2",      "weight"},
          describe};
}

}  // namespace kiln
