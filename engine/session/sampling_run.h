#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/frame.h"
#include "engine/api/sampling.h"
#include "engine/inference/sampling_loop.h"
#include "engine/network/model.h"
#include "engine/session/device_check.h"
#include "engine/session/sprite_finish.h"

namespace kiln {

// A sampling request made ready to run on one model.
class SamplingRun {
 public:
  // Throws Failure for anything in the request that cannot be used, naming it.
  SamplingRun(std::shared_ptr<const Model> model, const SampleRequest& request);

  SamplingLoop& loop() { return *loop_; }
  // Why it does not run on the GPU that is there.
  const std::optional<DeviceFault>& device_fault() const { return device_fault_; }
  // What was done to fit the init image (InitImage::fit).
  const std::string& init_image_fit() const { return init_image_fit_; }
  std::int64_t preview_every() const { return get_int(request_.settings.shared_params, "preview_every"); }
  // The sprites as they are now: the newest prediction, or at the end the result with its alpha finished.
  Frame frame() const { return frame_of(loop_->picture()); }
  // The same of a picture of the loop's.
  Frame frame_of(const Picture& picture) const;
  // The sprites to keep, alpha finished, with their recipes.
  std::vector<Sprite> sprites() const;

 private:
  std::shared_ptr<const Model> model_;
  SampleRequest request_;
  std::vector<SampledSprite> members_;
  std::optional<DeviceFault> device_fault_;
  std::string init_image_fit_;
  std::optional<SpriteFinish> finish_;
  std::unique_ptr<SamplingLoop> loop_;
};

}  // namespace kiln
