#include "app/panels/gallery_item_panel.h"

#include <imgui_internal.h>
#include <imgui_stdlib.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>

#include "app/panels/animate_actions.h"
#include "app/panels/exchange_actions.h"
#include "app/panels/frame.h"
#include "app/panels/gallery_actions.h"
#include "app/panels/gallery_edit.h"
#include "app/panels/shortcuts.h"
#include "app/panels/steer_actions.h"
#include "app/widgets/fields.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

constexpr float kFootHeight = 76;
constexpr float kFactWidth = 92;

void draw_enlarged(Studio& studio, const GalleryItem& item, float width) {
  Ui& ui = studio.ui;
  GalleryView& view = studio.view.gallery;
  const float side = std::min(width, ui.px(260));
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ImGui::Dummy({width, side});
  const float x = at.x + std::floor((width - side) / 2);
  ui.map.note("gallery.large", {x, at.y}, {x + side, at.y + side}, ParamValue(item.file));
  if (item.thumbnail.empty()) return;
  const auto& items = view.shown->items;
  const auto index = static_cast<std::size_t>(&item - items.data());
  view.pages.show(ui.sprites, [&](std::size_t i) -> const Image& { return items[i].thumbnail; }, {{index, x, at.y, side}});
}

std::string value_text(const nlohmann::json& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return value.get<bool>() ? "yes" : "no";
  return value.dump();
}

void draw_recipe(Studio& studio, const GalleryItem& item) {
  Ui& ui = studio.ui;
  GalleryView& view = studio.view.gallery;
  const auto document = nlohmann::json::parse(item.recipe, nullptr, false);
  if (!document.is_object() || !document.contains("sprites")) return;
  const auto& sprite = document["sprites"][0];
  fact_row(ui, "Sampler", value_text(sprite["sampler"]), kFactWidth);
  fact_row(ui, "Steps", value_text(sprite["steps"]), kFactWidth);
  fact_row(ui, "Guidance", value_text(sprite["parameters"].value("guidance", nlohmann::json())), kFactWidth);
  if (!fold(ui, "gallery.settings", "All settings", view.all_settings)) return;
  for (const auto& [key, value] : sprite["parameters"].items()) fact_row(ui, key.c_str(), value_text(value), 140);
  for (const char* key : {"negative", "init_image", "mask"}) {
    if (sprite.contains(key)) fact_row(ui, key, sprite[key].dump(), 140);
  }
  fact_row(ui, "model_hash", value_text(sprite["model_hash"]), 140);
}

void draw_facts(Studio& studio, const GalleryItem& item) {
  Ui& ui = studio.ui;
  fact_row(ui, "File", item.file, kFactWidth);
  if (!item.class_name.empty()) fact_row(ui, "Class", display_name(item.class_name), kFactWidth);
  if (!item.model.empty()) fact_row(ui, "Model", item.model, kFactWidth);
  if (!item.recipe.empty()) fact_row(ui, "Seed", std::to_string(item.seed), kFactWidth);
  fact_row(ui, "Date", day_of(item), kFactWidth);
  fact_row(ui, "Size", std::to_string(item.width) + "×" + std::to_string(item.height), kFactWidth);
  if (item.sprites > 1) fact_row(ui, "Sprites", std::to_string(item.sprites), kFactWidth);
  if (!item.problem.empty()) fact_row(ui, "Problem", item.problem, kFactWidth, colour::error());
  if (!item.recipe.empty()) draw_recipe(studio, item);
}

// How many of the items are in that collection.
std::size_t count_in(const std::vector<const GalleryItem*>& items, const std::string& name) {
  return static_cast<std::size_t>(std::count_if(items.begin(), items.end(), [&](const GalleryItem* item) {
    return std::find(item->collections.begin(), item->collections.end(), name) != item->collections.end();
  }));
}

void draw_collections(Studio& studio, const std::vector<const GalleryItem*>& items, float width) {
  Ui& ui = studio.ui;
  GalleryView& view = studio.view.gallery;
  quiet_text("Collections");
  for (const std::string& name : view.shown->collections) {
    const std::size_t count = count_in(items, name);
    bool in = count == items.size();
    ImGui::PushItemFlag(ImGuiItemFlags_MixedValue, count > 0 && !in);
    if (ImGui::Checkbox((name + "##in").c_str(), &in)) collect_selected(studio, name, in);
    ImGui::PopItemFlag();
    ui.map.note("gallery.in." + name, ParamValue(in));
  }
  const float add = ui.px(60);
  ImGui::SetNextItemWidth(width - add - ImGui::GetStyle().ItemSpacing.x);
  bool done =
      ImGui::InputTextWithHint("##gallery.new_collection", "a new one", &view.new_collection, ImGuiInputTextFlags_EnterReturnsTrue);
  ui.map.note("gallery.new_collection", ParamValue(view.new_collection));
  ImGui::SameLine();
  done |= action_button(ui, "gallery.collect", "Add", {add, 0}, view.new_collection.empty() ? "Type its name first" : "",
                        items.size() == 1 ? "Makes this collection, with this sprite in it"
                                          : "Makes this collection, with the selected sprites in it");
  if (!done || view.new_collection.empty()) return;
  collect_selected(studio, view.new_collection, true);
  view.new_collection.clear();
}

// What the buttons below are about, where that is not the one that is shown.
void draw_selected(Ui& ui, const std::vector<const GalleryItem*>& items) {
  std::string names;
  for (const GalleryItem* item : items) names += (names.empty() ? "" : ",") + item->file;
  if (items.size() > 1) ImGui::TextUnformatted((std::to_string(items.size()) + " sprites selected").c_str());
  const ImVec2 at = ImGui::GetCursorScreenPos();
  ui.map.note("gallery.selection", at, {at.x + ui.px(100), at.y + ui.px(10)}, ParamValue(names));
}

void draw_chosen(Studio& studio, const GalleryItem& item) {
  Ui& ui = studio.ui;
  const float width = ImGui::GetContentRegionAvail().x, half = std::floor((width - ImGui::GetStyle().ItemSpacing.x) / 2);
  const std::vector<const GalleryItem*> selected = selected_items(studio.view.gallery);
  draw_selected(ui, selected);
  draw_enlarged(studio, item, width);
  ImGui::Dummy({0, ui.px(4)});
  const bool starred = std::all_of(selected.begin(), selected.end(), [](const GalleryItem* each) { return each->starred; });
  const std::string path = studio.view.gallery.shown->folder + "/" + item.file;
  if (main_button(ui, "gallery.use", "Use settings", {width, ui.px(36)},
                  item.recipe.empty() ? "This picture has no recipe in it" : "",
                  "Back into the Generate tab, so that Generate makes this sprite again (double click)"))
    use_settings_of(studio, path);
  if (action_button(ui, "gallery.copy_image", "Copy image", {half, 0}, why_not_copy_image(studio, item),
                    "The PNG to the clipboard (Ctrl+Shift+C). Alt and drag a sprite onto another program to give it the file"))
    copy_image(studio);
  ImGui::SameLine();
  if (action_button(ui, "gallery.animate", "Animate…", {half, 0}, why_not_animate(item),
                    kAnimateHelp + key_hint(studio, "animate")))
    animate_kept(studio, item);
  if (action_button(ui, "gallery.start_from", "Start from this", {half, 0}, why_not_start_from(item),
                    "Sprites of the Generate tab start from this picture, with noise on it" + key_hint(studio, "start_from")))
    start_from_kept(studio, item);
  ImGui::SameLine();
  if (action_button(ui, "gallery.edit", "Edit pixels", {half, 0}, why_not_edit_kept(studio, item),
                    "As one more sprite of the batch; this file stays as it is" + key_hint(studio, "edit")))
    edit_kept(studio, item);
  if (action_button(ui, "gallery.star", starred ? "Take star away" : "Star", {half, 0}, {}, key_of(studio, "keep")))
    toggle_star(studio);
  ImGui::SameLine();
  if (action_button(ui, "gallery.delete", "Delete", {half, 0}, {},
                    "Into the gallery's bin; can be undone" + key_hint(studio, "delete")))
    return remove_selected(studio);
  ImGui::Dummy({0, ui.px(4)});
  draw_facts(studio, item);
  ImGui::Dummy({0, ui.px(6)});
  draw_collections(studio, selected, width);
}

void draw_folder(Studio& studio) {
  Ui& ui = studio.ui;
  GalleryView& view = studio.view.gallery;
  ImGui::Separator();
  quiet_text("Folder of the gallery");
  const float button = ui.px(76);
  if (view.folder.empty()) view.folder = gallery_folder(studio.settings);
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - button - ImGui::GetStyle().ItemSpacing.x);
  ImGui::InputText("##gallery.folder", &view.folder);
  const bool typed = ImGui::IsItemDeactivatedAfterEdit(), editing = ImGui::IsItemActive();
  ui.map.note("gallery.folder", ParamValue(view.folder));
  ui.tooltips.show("Kept sprites are PNGs in it; any other PNGs there are shown as well");
  ImGui::SameLine();
  if (action_button(ui, "gallery.browse", "Browse…", {button, 0}, {}, "Choose another folder"))
    view.browser.open({.title = "The gallery's folder", .name = "gallery.browser", .takes_folders = true, .takes_file = {}},
                      gallery_folder(studio.settings));
  if (typed) choose_gallery_folder(studio, view.folder);
  if (const auto chosen = view.browser.draw(ui)) choose_gallery_folder(studio, chosen->string());
  if (!editing) view.folder = gallery_folder(studio.settings);
}

}  // namespace

void draw_gallery_item(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("gallery.item", rect);
  const GalleryItem* item = chosen_item(studio.view.gallery);
  const float foot = ui.px(kFootHeight);
  ImGui::BeginChild("gallery.chosen", {0, ImGui::GetContentRegionAvail().y - foot}, false);
  if (item != nullptr)
    draw_chosen(studio, *item);
  else
    quiet_text("The sprite you click is shown\nlarge here, with its recipe.");
  ImGui::EndChild();
  draw_folder(studio);
  end_panel();
}

}  // namespace kiln
