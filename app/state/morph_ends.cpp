#include "app/state/morph_ends.h"

#include <algorithm>
#include <utility>

#include "app/state/generated_batch.h"
#include "engine/gallery/recipe_batch.h"

namespace kiln {
namespace {

Error refused(std::string message, std::string hint) { return {ErrorCode::kUnsupported, std::move(message), std::move(hint), {}}; }

std::uint64_t seed_of(const SpriteRecipe& recipe) { return get_seed(recipe.settings.shared_params, "seed"); }

bool is_variation(const SpriteRecipe& recipe) {
  const auto found = recipe.settings.shared_params.find("variation");
  return found != recipe.settings.shared_params.end() && found->second != ParamValue(0.0);
}

std::optional<Error> why_not_end(const MorphEnd& end) {
  const std::string name = "“" + end.name + "”";
  if (end.recipes.empty())
    return refused(name + " has no recipe, so that no model knows how to draw it", "choose two sprites that a model drew");
  if (end.recipes.size() > 1) return refused(name + " holds several sprites", "choose pictures of one sprite");
  const SpriteRecipe& recipe = end.recipes.front();
  if (recipe.edited)
    return refused(name + " was edited by hand, and the model draws it only as it was before", "choose one that was not edited");
  if (!is_repeatable(recipe))
    return refused(name + " was stopped before its last step", "choose one that the model has drawn to its end");
  if (is_variation(recipe))
    return refused(name + " is a variation of another seed, and a morph leads from one seed to the next",
                   "choose one that was not made by “More like this”");
  return {};
}

std::string size_text(const Image& image) { return std::to_string(image.width) + "×" + std::to_string(image.height); }

// All that was set but for seed, class and what shows or computes.
SampleSettings kept_settings(const SpriteRecipe& recipe) {
  SampleSettings settings = recipe.settings;
  for (const char* id : {"count", "seed", "preview_every", "variation", "variation_of", "share_seed", "device", "threads"})
    settings.shared_params.erase(id);
  return settings;
}

}  // namespace

std::string sprite_name(const SpriteRecipe& recipe) {
  return describe(recipe.condition) + ", seed " + std::to_string(seed_of(recipe));
}

std::optional<Error> why_not_morph(const MorphEnd& from, const MorphEnd& to) {
  for (const MorphEnd* end : {&from, &to}) {
    if (auto problem = why_not_end(*end)) return problem;
  }
  const SpriteRecipe &first = from.recipes.front(), &last = to.recipes.front();
  if (first.model_hash != last.model_hash) {
    const bool named_alike = first.model_name == last.model_name;
    return refused(named_alike
                       ? "the two sprites were drawn by two models that are both called “" + first.model_name + "”"
                       : "the two sprites were drawn by different models: “" + first.model_name + "” and “" + last.model_name + "”",
                   "choose two sprites of one model");
  }
  if (from.image.width != to.image.width || from.image.height != to.image.height)
    return refused("the two sprites are of different sizes: " + size_text(from.image) + " and " + size_text(to.image),
                   "choose two of one size");
  if (first.settings.init_image != last.settings.init_image || first.settings.mask != last.settings.mask)
    return refused("the two sprites did not start from the same image", "choose two that did, or that started from noise alone");
  if (seed_of(first) == seed_of(last) && first.condition == last.condition)
    return refused("the two sprites have the same seed and class, so that nothing lies between them",
                   "choose two of different seeds or classes");
  return {};
}

bool made_alike(const MorphEnd& from, const MorphEnd& to) {
  return kept_settings(from.recipes.front()) == kept_settings(to.recipes.front());
}

Morph morph_between(const MorphEnd& from, const MorphEnd& to) {
  return {request_of(from.recipes.front()), seed_of(to.recipes.front()), to.recipes.front().condition};
}

std::vector<FrameRequest> morph_requests(const Morph& morph, const std::vector<Image>& drawn) {
  std::vector<FrameRequest> requests;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    if (drawn[i].empty()) requests.push_back({morph_request(morph, static_cast<int>(i), static_cast<int>(drawn.size())), {i}});
  }
  return requests;
}

std::vector<Image> shown_morph(const std::vector<Image>& drawn, const MorphEnd& from, const MorphEnd& to) {
  const auto there = std::find_if(drawn.begin(), drawn.end(), [](const Image& image) { return !image.empty(); });
  const Image& one = there == drawn.end() ? from.image : *there;
  std::vector<Image> shown;
  for (std::size_t i = 0; i < drawn.size(); ++i) {
    const Image& sprite = !drawn[i].empty() ? drawn[i] : i + 1 < drawn.size() ? from.image : to.image;
    shown.push_back(sprite.width == one.width && sprite.height == one.height ? sprite : Image(one.width, one.height));
  }
  return shown;
}

}  // namespace kiln
