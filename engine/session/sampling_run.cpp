#include "engine/session/sampling_run.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "engine/api/sampling.h"
#include "engine/base/error.h"
#include "engine/diffusion/seeds.h"
#include "engine/formats/palette_choice.h"
#include "engine/session/conditions.h"
#include "engine/session/init_image.h"

namespace kiln {
namespace {

// The same condition for all of `count` sprites.
at::Tensor negative_tensor(const Model& model, const SampleRequest& request, const RunConfig& config, int count) {
  if (request.settings.negative.empty()) return {};
  at::Tensor negative = condition_tensor(model, std::vector(static_cast<std::size_t>(count), request.settings.negative));
  if (config.guidance.scale == 1)
    throw Failure(ErrorCode::kInvalidArgument, "guidance 1 makes no use of a negative condition", "set guidance above 1");
  return negative;
}

// The entries of the model's palette head that a request for some of its colours leaves out. A palette with other colours, too,
// bars none: sprites are mapped to it when they are done.
std::vector<int> barred_colours(const Model& model, const std::string& asked) {
  const PaletteEntries& entries = model.palette_head;
  if (entries.empty() || asked == kModelPalette || asked == kAnyColours) return {};
  const std::vector<Rgb8> wanted = read_palette_choice(asked).palette.colours;
  const auto has = [](const Rgba8& entry, const Rgb8& colour) { return Rgb8{entry.r, entry.g, entry.b} == colour && entry.a > 0; };
  const auto known = [&](const Rgb8& colour) {
    return std::any_of(entries.begin(), entries.end(), [&](const Rgba8& entry) { return has(entry, colour); });
  };
  if (wanted.empty() || !std::all_of(wanted.begin(), wanted.end(), known)) return {};
  std::vector<int> barred;
  for (std::size_t i = 0; i < entries.size(); ++i) {
    const auto is_it = [&](const Rgb8& colour) { return has(entries[i], colour); };
    if (entries[i].a > 0 && std::none_of(wanted.begin(), wanted.end(), is_it)) barred.push_back(static_cast<int>(i));
  }
  return barred;
}

// A recipe holds no larger seed than a request may ask for.
void check_seeds(const ParamMap& values, const std::vector<SampledSprite>& members) {
  if (get_seed(values, "seed") > kLargestSeed - members.back().seed)
    throw Failure(ErrorCode::kInvalidArgument, "the last of these sprites would have a seed above " + std::to_string(kLargestSeed),
                  "begin with a smaller seed, or make fewer");
}

}  // namespace

SamplingRun::SamplingRun(std::shared_ptr<const Model> model, const SampleRequest& request)
    : model_(std::move(model)), request_(request) {
  auto& settings = request_.settings;
  settings = with_defaults(std::move(settings), model_->facts.sampling);
  const ParamMap& values = settings.shared_params;
  RunConfig config = make_run_config(settings.sampler, settings.sampler_params, values);
  settings.sampler_params = config.sampler_params;
  if (model_->classes.empty()) config.guidance.scale = 1;  // nothing to guide towards
  config.barred_colours = barred_colours(*model_, get_text(values, "palette"));
  const CheckedDevice checked = choose_device_for(*model_, get_text(values, "device"), get_text(values, "precision"),
                                                  static_cast<int>(get_int(values, "threads")));
  device_fault_ = checked.fault;
  DenoiserOptions options = checked.options;
  const std::string& tile = get_text(values, "tile");
  options.tiling = {tile == "x" || tile == "xy", tile == "y" || tile == "xy"};
  finish_.emplace(*model_, values);
  const auto count = static_cast<int>(get_int(values, "count"));
  members_ = sampled_sprites(request_, model_->classes, model_->frames);
  check_seeds(values, members_);
  std::vector<Condition> conditions;
  std::vector<int> frames;
  for (const SampledSprite& member : members_) {
    if (const int most = frame_count(member.condition, model_->classes, model_->frames); member.frame > most)
      throw Failure(ErrorCode::kInvalidArgument,
                    "“" + member.condition.front().name + "” has no frame " + std::to_string(member.frame),
                    "choose one from 1 to " + std::to_string(most));
  }
  for (const SampledSprite& member : members_) conditions.push_back(member.condition), frames.push_back(member.frame);
  Conditioning conditioning(condition_tensor(*model_, conditions, frames));
  conditioning.negative = negative_tensor(*model_, request_, config, count);
  if (auto init = read_init_image(settings, model_->shape)) {
    config.strength = get_real(settings.init_params, "strength");
    config.resample = static_cast<int>(get_int(settings.init_params, "resample"));
    conditioning.init = init->x0(model_->shape.channels);
    conditioning.mask = init->mask();
    init_image_fit_ = init->fit;
    if (init->kept && config.symmetric)
      throw Failure(ErrorCode::kInvalidArgument, "what a mask keeps cannot be made symmetric",
                    "set symmetry to off, or leave the mask out");
    finish_->keep(std::move(init->kept));
  }
  if (config.outline != Outline::kOff && model_->shape.channels != 4)
    throw Failure(ErrorCode::kInvalidArgument, "this model's sprites have no transparency, and so no outline",
                  "set outline to off");
  std::vector<std::uint64_t> each;
  for (const SampledSprite& member : members_) each.push_back(get_seed(values, "seed") + member.seed);
  SpriteSeeds seeds(std::move(each));
  seeds.variation = get_real(values, "variation");
  seeds.of = get_seed(values, "variation_of");
  loop_ = make_sampling_loop(*model_, options, config, conditioning, seeds);
}

Frame SamplingRun::frame_of(const Picture& picture) const {
  Frame frame = picture.step == loop_->total() ? finish_->finished(picture.sprites).frame : finish_->preview(picture.sprites);
  frame.step = picture.step;
  frame.total = loop_->total();
  return frame;
}

std::vector<Sprite> SamplingRun::sprites() const {
  const Picture picture = loop_->picture();
  const auto [frame, palette] = finish_->finished(picture.sprites);
  std::vector<Sprite> sprites;
  for (int i = 0; i < frame.count; ++i) {
    const auto place = static_cast<std::size_t>(i);
    SpriteRecipe recipe{.model_name = std::filesystem::path(request_.model_path).stem().string(),
                        .model_hash = model_->hash,
                        .condition = members_[place].condition,
                        .settings = request_.settings,
                        .steps_done = picture.step,
                        .steps_total = picture.step < loop_->total() ? loop_->total() : 0};
    ParamMap& values = recipe.settings.shared_params;
    values["count"] = 1;
    values["seed"] = whole_number(get_seed(values, "seed") + members_[place].seed);
    values["frame"] = std::int64_t{members_[place].frame};
    values["palette"] = palette;
    sprites.push_back({frame.sprite(i), std::move(recipe)});
  }
  return sprites;
}

}  // namespace kiln
