#include "engine/gallery/recipe_batch.h"

#include <algorithm>
#include <cmath>

#include "engine/base/error.h"
#include "engine/formats/class_folder_writer.h"

namespace kiln {
namespace {

// Whether `sprite` has the settings of `first`, with the seed + `i`, and its own frame.
bool is_of_batch(const SpriteRecipe& first, const SpriteRecipe& sprite, std::uint64_t i) {
  const SampleSettings &a = first.settings, &b = sprite.settings;
  ParamMap shared = a.shared_params;
  shared["seed"] = whole_number(get_seed(shared, "seed") + i);
  if (shared.contains("frame")) shared["frame"] = std::int64_t{frame_of(sprite)};
  return sprite.model_hash == first.model_hash && sprite.steps_done == first.steps_done && b.shared_params == shared &&
         b.sampler == a.sampler && b.sampler_params == a.sampler_params && b.negative == a.negative &&
         b.init_image == a.init_image && b.mask == a.mask && b.init_params == a.init_params;
}

// No run of these settings that came to its end has fewer steps. From an init image it has as many as there are from the noise
// level nearest to its strength on, which depends on the model's number of levels, too: by less than one step.
int fewest_steps(const SampleSettings& settings) {
  const auto steps = static_cast<int>(get_int(settings.shared_params, "steps"));
  if (settings.init_image.path.empty()) return steps;
  ParamMap params = settings.init_params;
  params.merge(defaults_of(init_image_specs()));
  const double strength = get_real(params, "strength");
  const int levels = strength < 1 ? std::max(1, static_cast<int>(std::ceil(strength * steps)) - 1) : steps;
  return settings.mask.path.empty() ? levels : (levels - 1) * static_cast<int>(get_int(params, "resample")) + 1;
}

// The fewest of them that give all when they are used in turn.
std::vector<Condition> in_turn(std::vector<Condition> all) {
  for (std::size_t period = 1; period < all.size(); ++period) {
    bool repeats = true;
    for (std::size_t i = period; repeats && i < all.size(); ++i) repeats = all[i] == all[i - period];
    if (!repeats) continue;
    all.resize(period);
    break;
  }
  return all;
}

}  // namespace

int frame_of(const SpriteRecipe& recipe) {
  const auto found = recipe.settings.shared_params.find("frame");
  return found == recipe.settings.shared_params.end() ? 0 : static_cast<int>(std::get<std::int64_t>(found->second));
}

std::string class_text(const Condition& condition) {
  std::string text;
  for (const ClassWeight& c : condition) text += (text.empty() ? "" : "+") + c.name;
  return text;
}

std::optional<SampleRequest> batch_of(const PictureRecipe& picture) {
  const auto& sprites = picture.sprites;
  const SpriteRecipe& first = sprites.front();
  // Animations are whole, from their first frame to their last.
  const bool animated =
      std::any_of(sprites.begin(), sprites.end(), [&](const SpriteRecipe& one) { return frame_of(one) != frame_of(first); });
  std::vector<Condition> conditions;
  std::vector<std::size_t> turns;  // of each sprite: whose condition it has
  int frame = 0;
  for (const SpriteRecipe& sprite : sprites) {
    const bool goes_on = animated && !conditions.empty() && frame_of(sprite) == frame + 1 && sprite.condition == conditions.back();
    if (animated && !goes_on && frame_of(sprite) > 1) return std::nullopt;
    if (!goes_on) conditions.push_back(sprite.condition);
    turns.push_back(conditions.size() - 1);
    frame = frame_of(sprite);
  }
  conditions = in_turn(std::move(conditions));
  const auto shares = first.settings.shared_params.find("share_seed");
  const bool share_seed = shares != first.settings.shared_params.end() && std::get<bool>(shares->second);
  for (std::size_t i = 0; i < sprites.size(); ++i) {
    const std::size_t seed = share_seed ? turns[i] / conditions.size() : turns[i];
    if (!is_of_batch(first, sprites[i], seed)) return std::nullopt;
  }
  SampleRequest request = request_of(first);
  request.conditions = std::move(conditions);
  request.settings.shared_params["count"] = static_cast<std::int64_t>(sprites.size());
  if (animated) request.settings.shared_params["frame"] = std::int64_t{0};
  return request;
}

FilePattern::Values file_values(const SpriteRecipe& recipe, std::uint64_t number) {
  const std::string name = class_text(recipe.condition);
  const ParamMap& params = recipe.settings.shared_params;
  return {name.empty() ? "sprite" : as_file_name(name), params.contains("seed") ? get_seed(params, "seed") : number};
}

SampleRequest request_of(const SpriteRecipe& recipe) {
  SampleRequest request;
  request.conditions = {recipe.condition};
  request.settings = recipe.settings;
  return request;
}

bool is_repeatable(const SpriteRecipe& recipe) {
  return !recipe.edited && recipe.steps_total == 0 && recipe.steps_done >= fewest_steps(recipe.settings);
}

void check_repeatable(const SpriteRecipe& recipe) {
  if (is_repeatable(recipe)) return;
  if (recipe.edited) {
    throw Failure(ErrorCode::kUnsupported, "this sprite was edited by hand, so that its recipe does not make it again",
                  "use the picture itself, as an init image for instance");
  }
  const bool from_noise = recipe.settings.init_image.path.empty();
  const std::int64_t total =
      recipe.steps_total > 0 || !from_noise ? recipe.steps_total : get_int(recipe.settings.shared_params, "steps");
  throw Failure(ErrorCode::kUnsupported,
                "this sprite was stopped at step " + std::to_string(recipe.steps_done) +
                    (total > 0 ? " of " + std::to_string(total) : "") + ", so that its recipe does not make it again",
                "make sprites with its settings, and stop them there");
}

}  // namespace kiln
