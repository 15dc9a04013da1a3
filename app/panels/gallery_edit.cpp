#include "app/panels/gallery_edit.h"

#include <algorithm>
#include <chrono>
#include <utility>
#include <vector>

#include "app/panels/edit_actions.h"
#include "app/state/newest.h"
#include "engine/api/recipe_json.h"
#include "engine/formats/image_file.h"
#include "engine/gallery/find_model.h"
#include "engine/gallery/recipe_batch.h"
#include "engine/pixelart/fit.h"

namespace kiln {
namespace {

constexpr double kLook_s = 0.03;  // between two looks whether a file is read

// Its name where the file is not there any more.
std::string model_of(const SpriteRecipe& recipe, const std::vector<std::string>& candidates) {
  try {
    return find_model(recipe, candidates);
  } catch (const Failure&) {
    return recipe.model_name;
  }
}

KeptSprite read_kept(const std::string& path, const std::string& file, const std::string& recipe,
                     const std::vector<std::string>& candidates) {
  const PictureRecipe picture = parse_recipe_text(recipe, file);
  KeptSprite kept{{read_image(path), picture.sprites.front()}, {}};
  Image& image = kept.sprite.image;
  if (picture.scale > 1) image = fitted_to_sprite(image, file, image.width / picture.scale, image.height / picture.scale);
  kept.model_path = model_of(kept.sprite.recipe, candidates);
  return kept;
}

SpriteOrigin origin_of(const KeptSprite& kept) {
  const SpriteRecipe& recipe = kept.sprite.recipe;
  const bool whole = recipe.edited || is_repeatable(recipe);
  const int asked = static_cast<int>(get_int(recipe.settings.shared_params, "steps"));
  const int steps = recipe.steps_total > 0 ? recipe.steps_total : asked;
  return {kept.model_path, nullptr, 0, recipe.steps_done, whole ? recipe.steps_done : std::max(steps, recipe.steps_done + 1)};
}

}  // namespace

std::string why_not_edit_kept(const Studio& studio, const GalleryItem& item) {
  if (item.width == 0) return "This picture cannot be read";
  if (item.recipe.empty()) return "This picture has no recipe in it";
  if (item.sprites > 1) return "This picture holds several sprites";
  if (studio.view.gallery.opening.valid()) return "It is being read";
  return studio.mirror.why_not_add(1);
}

void edit_kept(Studio& studio, const GalleryItem& item) {
  if (!why_not_edit_kept(studio, item).empty()) return;
  std::vector<std::string> candidates;
  if (studio.mirror.model()) candidates.push_back(studio.mirror.model()->path);
  for (const ModelFile& model : studio.view.models) candidates.push_back(model.path);
  const std::string path = studio.view.gallery.shown->folder + "/" + item.file;
  begin_newest(studio.view.gallery.opening,
               [path, file = item.file, recipe = item.recipe, candidates]() -> std::variant<KeptSprite, Error> {
                 try {
                   return read_kept(path, file, recipe, candidates);
                 } catch (const Failure& failure) {
                   return failure.error();
                 }
               });
}

void follow_kept_edit(Studio& studio) {
  auto& opening = studio.view.gallery.opening;
  if (!opening.valid()) return;
  if (opening.wait_for(std::chrono::seconds(0)) != std::future_status::ready) {
    const double due = studio.view.now_s + kLook_s;
    studio.view.wake_s = studio.view.wake_s < 0 ? due : std::min(studio.view.wake_s, due);
    return;
  }
  const auto read = opening.get();
  if (const auto* kept = std::get_if<KeptSprite>(&read))
    open_added(studio, "Edit a kept sprite", kept->sprite, origin_of(*kept));
  else
    studio.mirror.notices.add(std::get<Error>(read));
}

}  // namespace kiln
