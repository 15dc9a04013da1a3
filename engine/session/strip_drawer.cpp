#include "engine/session/strip_drawer.h"

#include <ATen/ATen.h>

#include <algorithm>

#include "engine/api/sampling.h"
#include "engine/session/sprite_finish.h"
#include "engine/training/neighbours.h"

namespace kiln {
namespace {

constexpr std::uint64_t kSeed = 1;  // of the first column; the others follow
constexpr int kPixelsAPiece = 2048;

}  // namespace

StripDrawer::StripDrawer(std::shared_ptr<const Model> model, int columns, bool guided, const NearestSprites* nearest,
                         const DenoiserOptions& options, std::int64_t most_steps)
    : model_(std::move(model)),
      guided_(guided && !model_->classes.empty()),
      nearest_(nearest),
      most_steps_(most_steps),
      sampler_(*model_, options) {
  strip_.step = model_->facts.steps;
  strip_.columns = columns;
  strip_.classes = model_->classes;
  total_ = std::max<std::size_t>(1, model_->classes.size()) * static_cast<std::size_t>(columns);
}

bool StripDrawer::step() {
  if (loop_) {
    loop_->step();
    if (loop_->done()) end_chunk();
  } else if (strip_.sprites.size() < total_) {
    begin_chunk();
  } else if (nearest_ != nullptr && strip_.neighbours.size() < total_) {
    strip_.neighbours.push_back(nearest_->nearest(strip_.sprites[strip_.neighbours.size()]));
  }
  return strip_.sprites.size() < total_ || (nearest_ != nullptr && strip_.neighbours.size() < total_);
}

void StripDrawer::begin_chunk() {
  const auto& shape = model_->shape;
  const std::size_t first = strip_.sprites.size(), columns = static_cast<std::size_t>(strip_.columns);
  const std::size_t count =
      std::min(total_ - first, static_cast<std::size_t>(std::clamp(kPixelsAPiece / (shape.width * shape.height), 1, 16)));
  at::Tensor condition = at::zeros({static_cast<std::int64_t>(count), shape.classes + shape.frames});
  std::vector<std::uint64_t> seeds;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t place = first + i;
    const std::size_t class_index = place / columns, column = place % columns;
    at::Tensor own = condition[static_cast<std::int64_t>(i)];
    if (shape.classes > 0) own[static_cast<std::int64_t>(class_index)] = 1;
    const auto frames = static_cast<std::size_t>(model_->frames.empty() ? 0 : model_->frames[class_index]);
    if (frames > 0) own[shape.classes + static_cast<std::int64_t>(column % frames)] = 1;
    seeds.push_back(kSeed + (frames > 0 ? column / frames : column));
  }
  SampleSettings settings;
  settings.sampler = "";
  settings = with_defaults(std::move(settings), model_->facts.sampling);
  std::int64_t steps = std::min(get_int(settings.shared_params, "steps"), most_steps_);
  if (!model_->is_distilled()) steps = std::min<std::int64_t>(steps, model_->diffusion.schedule.length);
  settings.shared_params["steps"] = steps;
  RunConfig config = make_run_config(settings.sampler, {}, settings.shared_params);
  if (!guided_) config.guidance.scale = 1;
  loop_ = sampler_.begin(config, condition, seeds);
}

void StripDrawer::end_chunk() {
  const Frame frame = SpriteFinish(*model_).finished(loop_->picture().sprites).frame;
  for (auto& image : sprites_of(frame)) strip_.sprites.push_back(std::move(image));
  loop_.reset();
}

std::vector<Image> thumbnails_of(const SampleStrip& strip) {
  std::vector<Image> images;
  for (std::size_t i = 0; i < strip.sprites.size() && images.size() < strip.classes.size();
       i += static_cast<std::size_t>(strip.columns))
    images.push_back(strip.sprites[i]);
  return images;
}

}  // namespace kiln
