#include "app/panels/gallery_actions.h"

#include <imgui_internal.h>

#include <algorithm>
#include <filesystem>

#include "app/panels/actions.h"
#include "app/panels/data_actions.h"
#include "app/panels/steer_actions.h"
#include "engine/base/paths.h"
#include "engine/base/sha256.h"
#include "engine/gallery/recipe_batch.h"

namespace kiln {
namespace {

// What a sprite is known by in the gallery: its recipe, and where that does not make it, its pixels.
std::string key_of(const std::string& recipe, const Image& image) {
  const bool edited = recipe.find("\"edited\":true") != std::string::npos;
  return edited ? recipe + sha256_hex(image.rgba) : recipe;
}

// The keys of the batch's sprites.
const std::vector<std::string>& batch_keys(Studio& studio) {
  GalleryView& view = studio.view.gallery;
  const GeneratedBatch& batch = studio.mirror.batch();
  if (view.batch_version != batch.version) {
    view.batch_version = batch.version;
    view.batch_keys.clear();
    for (const Sprite& sprite : batch.sprites)
      view.batch_keys.push_back(key_of(recipe_text({{sprite.recipe}, 1, 0, 1}), sprite.image));
  }
  return view.batch_keys;
}

const std::string* key_of_sprite(Studio& studio, int index) {
  const auto& keys = batch_keys(studio);
  const auto place = static_cast<std::size_t>(index);
  return index >= 0 && place < keys.size() ? &keys[place] : nullptr;
}

std::vector<std::string> names_of(const std::vector<const GalleryItem*>& items) {
  std::vector<std::string> names;
  names.reserve(items.size());
  for (const GalleryItem* item : items) names.push_back(item->file);
  return names;
}

// What is left for the artist to do where the window cannot set all that a picture was made with.
std::string what_is_missing(const SettingsFound& found) {
  const auto& sprites = found.picture.sprites;
  if (!found.why_no_init_image.empty())
    return "it started from “" + sprites.front().settings.init_image.path + "”, which " + found.why_no_init_image;
  if (!std::all_of(sprites.begin(), sprites.end(), is_repeatable))
    return "it was edited by hand or stopped early, so that no settings make it again";
  return "`spritekiln sample --from-png` makes it again";
}

void apply(Studio& studio, SettingsFound&& found) {
  ImGui::ClearActiveID();  // or what is being typed would replace what the recipe says
  const bool all = use_recipe(studio.settings.generate, found.picture, found.model) && found.why_no_init_image.empty();
  start_from_recipe(studio, found);
  if (studio.mirror.engine() == EngineState::kReady) fit_to(studio.settings.generate, studio.mirror.catalog());
  if (!studio.mirror.model() || studio.mirror.model()->path != found.model) choose_model(studio, found.model);
  studio.view.tab = Tab::kGenerate;
  Notices& notices = studio.mirror.notices;
  notices.clear_all_but_errors();
  if (all) {
    notices.add(NoticeKind::kDone, "the settings of “" + found.file + "” are back", "Generate makes it again");
  } else {
    notices.add(NoticeKind::kInfo, "not all settings of “" + found.file + "” can be set in the window", what_is_missing(found));
  }
}

void apply(Studio& studio, const NoRecipe& found) {
  if (studio.view.tab == Tab::kGenerate) return start_from_file(studio, found.path);
  studio.view.tab = Tab::kData;
  open_sprites(studio, found.path);
}

void apply(Studio& studio, const SpritesRemoved& removed) {
  const std::string what = removed.count == 1 ? "a sprite is" : std::to_string(removed.count) + " sprites are";
  studio.mirror.notices.add(
      NoticeKind::kInfo, what + " in the gallery's bin now",
      std::string("“Undo delete” in the Gallery tab brings ") + (removed.count == 1 ? "it" : "them") + " back");
}

void apply(Studio& studio, const GalleryProblem& problem) {
  studio.view.gallery.asked.clear();
  studio.mirror.notices.add(problem.error);
}

}  // namespace

bool follow_gallery(Studio& studio) {
  bool any = false;
  GalleryView& view = studio.view.gallery;
  if (auto snapshot = studio.gallery.take_snapshot()) {
    view.shown = std::move(snapshot);
    view.kept.clear();
    for (const GalleryItem& item : view.shown->items) {
      if (item.sprites == 1) view.kept[key_of(item.recipe, item.thumbnail)] = item.file;
    }
    std::erase_if(view.asked, [&](const auto& entry) { return view.kept.contains(entry.first) == entry.second; });
    any = true;
  }
  for (GalleryNews& news : studio.gallery.take_news()) {
    std::visit([&](auto& each) { apply(studio, std::move(each)); }, news);
    any = true;
  }
  return any;
}

void watch_gallery(Studio& studio) {
  GalleryView& view = studio.view.gallery;
  studio.gallery.watch(studio.view.tab == Tab::kGallery);
  if (view.shown && view.disk_changes == studio.view.disk_changes) return;
  view.disk_changes = studio.view.disk_changes;
  if (view.shown && studio.view.tab == Tab::kGallery) studio.gallery.look();
}

std::string gallery_folder(const Settings& settings) {
  return settings.gallery.folder.empty() ? default_gallery().string() : with_home(settings.gallery.folder);
}

void choose_gallery_folder(Studio& studio, const std::string& folder) {
  std::string wanted = with_home(folder);
  if (wanted == default_gallery().string()) wanted.clear();
  if (wanted == studio.settings.gallery.folder) return;
  studio.settings.gallery.folder = wanted;
  studio.view.gallery.collection.clear();
  studio.view.gallery.chosen.clear();
  studio.view.gallery.selected.clear();
  studio.view.gallery.to_top = true;
  studio.gallery.open(gallery_folder(studio.settings));
}

bool is_kept(Studio& studio, int index) {
  const GalleryView& view = studio.view.gallery;
  const std::string* key = key_of_sprite(studio, index);
  if (key == nullptr) return false;
  const auto asked = view.asked.find(*key);
  return asked != view.asked.end() ? asked->second : view.kept.contains(*key);
}

std::string why_not_keep(const Studio& studio, int index) {
  const GeneratedBatch& batch = studio.mirror.batch();
  if (index < 0 || index >= batch.count()) return "There is no sprite yet";
  return batch.sprites.empty() ? "The sprite is not finished yet" : "";
}

void toggle_kept(Studio& studio, int index) {
  GalleryView& view = studio.view.gallery;
  const std::string* key = key_of_sprite(studio, index);
  if (key == nullptr || view.asked.contains(*key)) return;
  const Sprite& sprite = studio.mirror.batch().sprites[static_cast<std::size_t>(index)];
  const auto found = view.kept.find(*key);
  view.asked[*key] = found == view.kept.end();
  if (found != view.kept.end())
    studio.gallery.remove({found->second});
  else
    studio.gallery.keep(sprite.image, sprite.recipe);
}

const GalleryItem* chosen_item(const GalleryView& view) {
  if (!view.shown) return nullptr;
  const auto& items = view.shown->items;  // by name
  const auto found = std::lower_bound(items.begin(), items.end(), view.chosen,
                                      [](const GalleryItem& item, const std::string& name) { return item.file < name; });
  return found != items.end() && found->file == view.chosen ? &*found : nullptr;
}

std::vector<const GalleryItem*> selected_items(const GalleryView& view) {
  std::vector<const GalleryItem*> selected;
  if (!view.shown) return selected;
  for (const GalleryItem& item : view.shown->items) {
    if (view.selected.contains(item.file)) selected.push_back(&item);
  }
  if (const GalleryItem* chosen = chosen_item(view); chosen && selected.empty()) selected.push_back(chosen);
  return selected;
}

void take_selection(GalleryView& view) {
  const auto file_at = [&](int place) { return view.shown->items[view.places[static_cast<std::size_t>(place)]].file; };
  view.selected.clear();
  for (const int place : view.selection.selected()) view.selected.insert(file_at(place));
  view.chosen = file_at(view.selection.current());
}

void find_selection(GalleryView& view) {
  std::set<int> places;
  std::set<std::string> selected;
  int current = -1;
  for (std::size_t i = 0; i < view.places.size(); ++i) {
    const std::string& file = view.shown->items[view.places[i]].file;
    if (file == view.chosen) current = static_cast<int>(i);
    if (!view.selected.contains(file)) continue;
    places.insert(static_cast<int>(i));
    selected.insert(file);
  }
  if (current < 0 && !places.empty()) {  // the one that is shown is one of them
    current = *places.begin();
    view.chosen = view.shown->items[view.places[static_cast<std::size_t>(current)]].file;
  }
  view.selected = std::move(selected);
  view.selection.restore(std::move(places), std::max(current, 0));
}

void toggle_star(Studio& studio) {
  const auto items = selected_items(studio.view.gallery);
  const bool all = std::all_of(items.begin(), items.end(), [](const GalleryItem* item) { return item->starred; });
  if (!items.empty()) studio.gallery.star(names_of(items), !all);
}

void collect_selected(Studio& studio, const std::string& collection, bool in) {
  studio.gallery.collect(names_of(selected_items(studio.view.gallery)), collection, in);
}

void remove_selected(Studio& studio) {
  GalleryView& view = studio.view.gallery;
  const std::vector<std::string> files = names_of(selected_items(view));  // by name
  if (files.empty()) return;
  // The next one that stays is chosen in their place, or else the last before them.
  std::string before, next;
  bool any = false;
  for (const std::size_t place : view.places) {
    if (place >= view.shown->items.size()) continue;
    const std::string& file = view.shown->items[place].file;
    if (std::binary_search(files.begin(), files.end(), file)) {
      any = true;
      next.clear();
    } else if (!any) {
      before = file;
    } else if (next.empty()) {
      next = file;
    }
  }
  view.chosen = next.empty() ? before : next;
  view.selected = {view.chosen};
  find_selection(view);
  studio.gallery.remove(files);
}

void undo_remove(Studio& studio) {
  if (studio.view.gallery.shown && studio.view.gallery.shown->can_undo) studio.gallery.undo();
}

void use_settings_of(Studio& studio, const std::string& path) {
  std::vector<std::string> models;
  if (studio.mirror.model()) models.push_back(studio.mirror.model()->path);
  if (!studio.settings.generate.model.empty()) models.push_back(studio.settings.generate.model);
  studio.gallery.find_settings(path, std::move(models));
}

}  // namespace kiln
