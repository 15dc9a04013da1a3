#include "app/panels/animate_morph.h"

#include <algorithm>
#include <utility>

#include "app/panels/animate_actions.h"
#include "app/panels/gallery_actions.h"
#include "app/state/newest.h"
#include "engine/api/recipe_json.h"
#include "engine/base/paths.h"
#include "engine/formats/image_file.h"
#include "engine/gallery/find_model.h"
#include "engine/pixelart/fit.h"

namespace kiln {
namespace {

// Where the file of the model may be that drew the two.
std::vector<std::string> model_candidates(const Studio& studio) {
  std::vector<std::string> paths;
  for (const MorphEnd& end : studio.view.animate.sprite.ends) paths.push_back(end.model_path);
  if (studio.mirror.model()) paths.push_back(studio.mirror.model()->path);
  paths.push_back(studio.settings.generate.model);
  for (const ModelFile& model : studio.view.models) paths.push_back(model.path);
  std::erase(paths, "");
  return paths;
}

// The path of the model that is open, if it is the one that drew them; it is known then which one it is.
std::string open_model_of(const Studio& studio, const SpriteRecipe& recipe) {
  const auto& model = studio.mirror.model();
  return model && model->hash == recipe.model_hash ? model->path : "";
}

std::string found_model(const SpriteRecipe& recipe, std::vector<std::string> candidates) {
  for (std::string& path : models_in({home_folder() / "models", share_folder() / "models"})) candidates.push_back(std::move(path));
  return find_model(recipe, candidates);
}

}  // namespace

std::vector<MorphEnd> selected_ends(const Studio& studio) {
  const GeneratedBatch& batch = studio.mirror.batch();
  std::vector<MorphEnd> ends;
  for (const int place : studio.view.grid.selection.pair()) {
    const auto i = static_cast<std::size_t>(place);
    if (i >= batch.sprites.size() || i >= batch.origins.size()) return {};
    const SpriteRecipe& recipe = batch.sprites[i].recipe;
    ends.push_back({batch.image(place), sprite_name(recipe), {recipe}, batch.origins[i].model_path});
  }
  return ends;
}

std::vector<GalleryItem> selected_pair(const GalleryView& view) {
  const std::vector<const GalleryItem*> items = selected_items(view);
  if (items.size() != 2 || items.front()->width == 0 || items.back()->width == 0) return {};
  std::vector<GalleryItem> pair{*items.front(), *items.back()};
  if (pair.front().file == view.chosen) std::swap(pair.front(), pair.back());
  return pair;
}

MorphEnd kept_end(const std::string& folder, const GalleryItem& item) {
  MorphEnd end{read_image(folder + "/" + item.file), item.file};
  if (item.recipe.empty()) return end;
  PictureRecipe picture = parse_recipe_text(item.recipe, item.file);
  end.recipes = std::move(picture.sprites);
  if (end.recipes.size() > 1) return end;
  end.name = sprite_name(end.recipes.front());
  if (picture.scale > 1)
    end.image = fitted_to_sprite(end.image, item.file, end.image.width / picture.scale, end.image.height / picture.scale);
  return end;
}

void lay_out_morph(Studio& studio) {
  AnimateView& view = studio.view.animate;
  const AnimateSettings& settings = studio.settings.animate;
  const MorphEnd &from = view.sprite.ends.front(), &to = view.sprite.ends.back();
  view.problem = why_not_morph(from, to);
  const auto count = static_cast<std::size_t>(get_int(settings.morph, "frames"));
  if (view.morphed.size() != count) view.morphed.assign(count, Image());
  view.moved.clear();
  for (const Image& frame : shown_morph(view.morphed, from, to)) view.moved.push_back(with_margin(frame, settings.playing));
}

void turn_morph(Studio& studio) {
  AnimateView& view = studio.view.animate;
  std::swap(view.sprite.ends.front(), view.sprite.ends.back());
  view.morphed.clear();
  move_anew(studio);
}

std::size_t morph_frames_drawn(const AnimateView& view) {
  return static_cast<std::size_t>(
      std::count_if(view.morphed.begin(), view.morphed.end(), [](const Image& image) { return !image.empty(); }));
}

std::string why_not_morph_now(const Studio& studio) {
  const Mirror& mirror = studio.mirror;
  const AnimateView& view = studio.view.animate;
  if (view.problem) return view.problem->message;
  if (mirror.engine() != EngineState::kReady) return "The engine is not running";
  if (mirror.busy()) return "Sprites are being made";
  if (view.preparing.valid() || mirror.redraw.running()) return "The frames are being drawn";
  return morph_frames_drawn(view) == view.morphed.size() ? "All frames are drawn" : "";
}

void draw_morph(Studio& studio) {
  AnimateView& view = studio.view.animate;
  const MorphEnd &from = view.sprite.ends.front(), &to = view.sprite.ends.back();
  begin_newest(
      view.preparing,
      [morph = morph_between(from, to), recipe = from.recipes.front(), path = open_model_of(studio, from.recipes.front()),
       candidates = model_candidates(studio), drawn = view.morphed]() mutable -> std::variant<std::vector<FrameRequest>, Error> {
        try {
          morph.from.model_path = path.empty() ? found_model(recipe, candidates) : path;
          return morph_requests(morph, drawn);
        } catch (const Failure& failure) {
          return failure.error();
        }
      });
}

void take_morph(Studio& studio, const std::vector<DrawnFrame>& drawn) {
  AnimateView& view = studio.view.animate;
  for (const DrawnFrame& each : drawn) {
    for (const std::size_t i : each.frames) {
      if (i < view.morphed.size()) view.morphed[i] = each.image;
    }
  }
  lay_out_morph(studio);
}

}  // namespace kiln
