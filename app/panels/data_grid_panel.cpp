#include "app/panels/data_grid_panel.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "app/panels/frame.h"
#include "app/panels/header.h"
#include "app/panels/notice_bar.h"
#include "app/panels/sheet_view.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kBarHeight = 44;
constexpr float kStatusHeight = 40;
constexpr float kTitleHeight = 30;
constexpr float kMargin = 14;

std::string counted(const std::string& name, std::size_t count) { return display_name(name) + "  ·  " + std::to_string(count); }

std::vector<SpriteSection> by_class(const std::vector<DatasetSprite>& sprites, const std::string& only) {
  std::map<std::string, std::vector<std::size_t>> classes;
  for (std::size_t i = 0; i < sprites.size(); ++i) {
    if (only.empty() || sprites[i].class_name == only) classes[sprites[i].class_name].push_back(i);
  }
  std::vector<SpriteSection> sections;
  sections.reserve(classes.size());
  for (auto& [name, members] : classes) sections.push_back({counted(name, members.size()), std::move(members)});
  return sections;
}

// The files of a finding; copies side by side, a group a section.
std::vector<SpriteSection> of_finding(const DatasetMirror& set, const Finding& finding) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < set.sprites().size(); ++i) places.emplace(set.sprites()[i].file, i);
  const auto members_of = [&](const std::vector<std::string>& files) {
    std::vector<std::size_t> members;
    for (const auto& file : files) {
      if (const auto found = places.find(file); found != places.end()) members.push_back(found->second);
    }
    return members;
  };
  const auto* groups = finding.key.id == "duplicates"        ? &set.report()->equal
                       : finding.key.id == "near_duplicates" ? &set.report()->near
                                                             : nullptr;
  if (groups == nullptr) return {{finding.message, members_of(finding.files)}};
  std::vector<SpriteSection> sections;
  for (const auto& files : *groups) {
    auto members = members_of(files);
    if (!members.empty())
      sections.push_back({files.front() + " and " + std::to_string(files.size() - 1) + (files.size() == 2 ? " other" : " others"),
                          std::move(members)});
  }
  return sections;
}

const Finding* finding_shown(const DatasetMirror& set, const DataView& view) {
  for (const Issue& issue : set.issues()) {
    if (!issue.fixed && view.finding == issue.finding.key) return &issue.finding;
  }
  return nullptr;
}

// Brings the view's sections up to date.
void follow(Studio& studio) {
  const DatasetMirror& set = studio.mirror.dataset;
  DataView& view = studio.view.data;
  if (set.report() && !view.class_name.empty()) {
    const auto& classes = set.report()->classes;
    if (std::none_of(classes.begin(), classes.end(), [&](const ClassCount& entry) { return entry.name == view.class_name; }))
      view.class_name.clear();
  }
  const Finding* finding = finding_shown(set, view);
  if (finding == nullptr) view.finding.reset();
  const std::uint64_t version = view.as_trained ? set.previewed_version() : set.version();
  const ShownSprites& last = view.shown;
  const bool same = last.source == set.source().path && last.class_name == view.class_name && last.finding == view.finding &&
                    last.as_trained == view.as_trained;
  view.to_top |= !same;
  if (same && version == view.sections_version) return;
  view.shown = {set.source().path, view.class_name, view.finding, view.as_trained};
  view.sections_version = version;
  view.sections = view.as_trained ? by_class(set.previewed(), view.class_name)
                  : finding       ? of_finding(set, *finding)
                                  : by_class(set.sprites(), view.class_name);
}

// Sprites as a run with the Train tab's recipe would see them.
void ask_for_previews(Studio& studio) {
  DatasetMirror& set = studio.mirror.dataset;
  const DataView& view = studio.view.data;
  if (!view.as_trained || !set.ready() || studio.mirror.engine() != EngineState::kReady) return;
  set.preview(whole_recipe(studio.settings.train, studio.mirror.catalog()), view.class_name, view.draw);
}

void draw_bar(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  DatasetMirror& set = studio.mirror.dataset;
  DataView& view = studio.view.data;
  if (view.sheet_open || !set.report()) return;
  const std::string title = view.finding              ? "What was found"
                            : view.class_name.empty() ? "All sprites"
                                                      : display_name(view.class_name);
  const float y = rect.y + std::floor((rect.height - ImGui::GetFrameHeight()) / 2);
  ImGui::GetWindowDrawList()->AddText({rect.x + ui.px(kMargin), y + ImGui::GetStyle().FramePadding.y}, packed(colour::text()),
                                      title.c_str());
  const float slider = ui.px(120), right = rect.x + rect.width - ui.px(kMargin);
  ImGui::SetCursorScreenPos({right - slider, y});
  ImGui::SetNextItemWidth(slider);
  ImGui::SliderInt("##data.cell", &studio.settings.data.cell, kSmallestCell, kLargestCell, "size %d", ImGuiSliderFlags_AlwaysClamp);
  ui.map.note("data.cell", ParamValue(static_cast<std::int64_t>(studio.settings.data.cell)));
  const float check = ImGui::CalcTextSize("As trained").x + ImGui::GetFrameHeight() + ui.px(8), again = ui.px(64);
  ImGui::SetCursorScreenPos({right - slider - ui.px(14) - check, y});
  const std::string why_not = set.why_not_ready();
  ImGui::BeginDisabled(!why_not.empty() && !view.as_trained);
  if (ImGui::Checkbox("As trained##data.as_trained", &view.as_trained)) view.finding.reset();
  ui.map.note("data.as_trained", ParamValue(view.as_trained));
  ImGui::EndDisabled();
  ui.tooltips.show(
      !why_not.empty()
          ? why_not
          : "A batch as training draws it: classes evenly, sprites moved a little, mirrored where their class allows it");
  if (!view.as_trained) return;
  ImGui::SetCursorScreenPos({right - slider - ui.px(28) - check - again, y});
  if (action_button(ui, "data.draw_again", "Another", {again, 0}, {}, "Draw another batch")) ++view.draw;
}

// Of a cell in the grid: where the usual sprite fits more than once, as large as its enlargement by a whole number.
float cell_side(const Studio& studio) {
  const float wanted = studio.ui.px(static_cast<float>(studio.settings.data.cell));
  const auto& sizes = studio.mirror.dataset.report()->sizes;
  const float usual = sizes.empty() ? 0 : static_cast<float>(std::max(sizes.front().width, sizes.front().height));
  return usual < 1 || usual > wanted ? wanted : std::floor(wanted / usual) * usual;
}

struct Columns {
  int count = 1;
  float cell = 0, gap = 0, left = 0;
};

void draw_section(Studio& studio, const SpriteSection& section, const std::vector<DatasetSprite>& sprites, float top,
                  const Columns& columns, std::vector<PlacedSprite>& places) {
  Ui& ui = studio.ui;
  const float clip_top = ImGui::GetWindowDrawList()->GetClipRectMin().y,
              clip_bottom = ImGui::GetWindowDrawList()->GetClipRectMax().y;
  const float step = columns.cell + columns.gap;
  const auto rows = static_cast<int>((section.members.size() + static_cast<std::size_t>(columns.count) - 1) /
                                     static_cast<std::size_t>(columns.count));
  if (top < clip_bottom && top + ui.px(kTitleHeight) > clip_top) {
    ImGui::GetWindowDrawList()->AddText({columns.left, top + ui.px(8)}, packed(colour::quiet()), section.title.c_str());
  }
  const float first_top = top + ui.px(kTitleHeight);
  const int first = std::clamp(static_cast<int>(std::floor((clip_top - first_top) / step)), 0, rows);
  const int last = std::clamp(static_cast<int>(std::ceil((clip_bottom - first_top) / step)), 0, rows);
  const auto a_row = static_cast<std::size_t>(columns.count);
  const std::size_t end = std::min(section.members.size(), static_cast<std::size_t>(last) * a_row);
  for (std::size_t i = static_cast<std::size_t>(first) * a_row; i < end; ++i) {
    const std::size_t row = i / a_row;
    const float x = columns.left + static_cast<float>(i % a_row) * step;
    const float y = first_top + static_cast<float>(row) * step;
    const std::size_t member = section.members[i];
    if (member >= sprites.size()) continue;
    places.push_back({member, x, y, columns.cell});
    const DatasetSprite& sprite = sprites[member];
    ImGui::SetCursorScreenPos({x, y});
    ImGui::PushID(static_cast<int>(i));
    ImGui::InvisibleButton("sprite", {columns.cell, columns.cell});
    ImGui::PopID();
    if (ui.map.on()) ui.map.note("data.sprite." + std::to_string(member), ParamValue(sprite.file));
    if (!ImGui::IsItemHovered()) continue;
    ui.tooltips.show(sprite.file + "\n" + display_name(sprite.class_name) + ", " + std::to_string(sprite.image.width) + "×" +
                     std::to_string(sprite.image.height));
  }
}

void draw_sprites(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  DatasetMirror& set = studio.mirror.dataset;
  DataView& view = studio.view.data;
  const auto& sprites = view.as_trained ? set.previewed() : set.sprites();
  SpritePages& pages = view.as_trained ? view.previews : view.sprites;
  const SpritePages::ImageOf image_of = [&](std::size_t i) -> const Image& { return sprites[i].image; };
  pages.follow(view.as_trained ? set.previewed_version() : set.version(), sprites.size(), image_of);
  ImGui::SetCursorScreenPos({rect.x, rect.y});
  ImGui::BeginChild("data.sprites", {rect.width, rect.height}, false);
  if (std::exchange(view.to_top, false)) ImGui::SetScrollY(0);
  Columns columns;
  columns.cell = cell_side(studio);
  columns.gap = ui.px(6);
  columns.left = rect.x + ui.px(kMargin);
  const float space = rect.width - 2 * ui.px(kMargin) - ImGui::GetStyle().ScrollbarSize;
  columns.count = std::max(1, static_cast<int>((space + columns.gap) / (columns.cell + columns.gap)));
  const float start = ImGui::GetCursorScreenPos().y;
  float top = start;
  std::vector<PlacedSprite> places;
  for (const SpriteSection& section : view.sections) {
    ImGui::PushID(&section);
    draw_section(studio, section, sprites, top, columns, places);
    ImGui::PopID();
    const auto a_row = static_cast<std::size_t>(columns.count);
    const std::size_t rows = (section.members.size() + a_row - 1) / a_row;
    top += ui.px(kTitleHeight) + rows * (columns.cell + columns.gap);
  }
  ImGui::SetCursorScreenPos({rect.x, top + ui.px(10)});
  ImGui::Dummy({1, 1});
  pages.show(ui.sprites, image_of, places);
  ImGui::EndChild();
}

void draw_empty(const Studio& studio, Area rect) {
  const DatasetMirror& set = studio.mirror.dataset;
  const float y = std::floor(rect.y + rect.height * 0.42f), line = ImGui::GetFontSize() * 1.7f;
  if (studio.mirror.engine() == EngineState::kFailed) {
    centred_text(rect, y, "The engine could not be started", colour::text());
    centred_text(rect, y + line, "the message below says what to do", colour::quiet());
  } else if (set.busy()) {
    centred_text(rect, y, "The sprites appear here in a moment", colour::text());
  } else if (set.report()) {
    centred_text(rect, y, "No sprite is left", colour::text());
    centred_text(rect, y + line, "the report on the right says why", colour::quiet());
  } else {
    centred_text(rect, y, "Drop a folder of your sprites here, one folder per class", colour::text());
    centred_text(rect, y + line, "or a sprite sheet, an Aseprite JSON file, a .npy array", colour::quiet());
    centred_text(rect, y + 2 * line, "or press Starter set on the left, to have something to train on at once", colour::quiet());
  }
}

std::string work_text(const DatasetMirror& set) {
  switch (set.work()) {
    case DatasetMirror::Work::kOpen:
      return "Reading the sprites";
    case DatasetMirror::Work::kCheck:
      return "Fixing the sprites";
    case DatasetMirror::Work::kSave:
      return "Saving the sprites";
    case DatasetMirror::Work::kStarter:
      return "Drawing the starter set";
    case DatasetMirror::Work::kDungeon:
      return "Fetching the Dungeon Crawl tiles";
    case DatasetMirror::Work::kNone:
      break;
  }
  return {};
}

void draw_status(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  DatasetMirror& set = studio.mirror.dataset;
  if (!set.busy()) return;
  const JobStatus& job = set.job();
  ImDrawList* list = ImGui::GetWindowDrawList();
  progress_line(ui, rect, job.part(), true);
  const float text_y = rect.y + ui.px(13);
  std::string text = work_text(set) + "  ·  ";
  text += studio.mirror.engine() == EngineState::kStarting ? "begins as soon as the engine is ready"
                                                           : std::to_string(static_cast<int>(job.part() * 100)) + " %";
  if (!set.doing().empty()) text += "  ·  " + set.doing();
  if (job.left_s >= 0) text += "  ·  " + duration(job.left_s) + " left";
  list->AddText({rect.x + ui.px(kMargin), text_y}, packed(colour::text()), text.c_str());
  const float width = ui.px(80);
  ImGui::SetCursorScreenPos({rect.x + rect.width - width - ui.px(kMargin), rect.y + ui.px(9)});
  if (action_button(ui, "data.cancel", "Cancel", {width, ui.px(26)}, {}, "Nothing is left half done")) set.cancel();
}

}  // namespace

void draw_data_grid(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const float bar = ui.px(kBarHeight), status = ui.px(kStatusHeight), told = notice_height(ui);
  begin_panel("data.grid", rect, false);
  follow(studio);
  ask_for_previews(studio);
  const Area middle{rect.x, rect.y + bar, rect.width, rect.height - bar - status - told};
  draw_bar(studio, {rect.x, rect.y, rect.width, bar});
  if (studio.view.data.sheet_open) {
    draw_sheet_view(studio, {rect.x, rect.y, rect.width, rect.height - status - told});
  } else if (!studio.view.data.sections.empty()) {
    draw_sprites(studio, middle);
  } else if (!studio.view.data.as_trained || !studio.mirror.dataset.previewing()) {
    draw_empty(studio, middle);
  }
  draw_notice(studio, {rect.x, middle.y + middle.height, rect.width, told});
  draw_status(studio, {rect.x, middle.y + middle.height + told, rect.width, status});
  end_panel();
}

}  // namespace kiln
