#include "app/panels/lab_pictures_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/frame.h"
#include "app/panels/lab_actions.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr int kColumns = 3;
constexpr float kLabelHeight = 22, kGap = 14, kMargin = 16;
constexpr float kStripCell = 48;
constexpr float kLines = 0.12f;
constexpr int kLinesFrom = 8;  // zoom from which there are lines between pixels

struct Cells {
  int zoom = 1;
  float cell_width = 0, cell_height = 0, left = 0, top = 0, gap = 0, label = 0;

  ImVec2 at(std::size_t i) const {
    const std::size_t column = i % kColumns, row = i / kColumns;
    return {left + static_cast<float>(column) * (cell_width + gap),
            top + label + static_cast<float>(row) * (cell_height + label + gap)};
  }
};

Cells cells_of(const Ui& ui, Area rect, const Image& sprite, std::size_t count) {
  Cells cells;
  const std::size_t whole_rows = (count + kColumns - 1) / kColumns;
  const auto rows = static_cast<float>(whole_rows);
  cells.gap = ui.px(kGap);
  cells.label = ui.px(kLabelHeight);
  const float width = (rect.width - 2 * ui.px(kMargin) - (kColumns - 1) * cells.gap) / kColumns,
              height = (rect.height - ui.px(kMargin) - (rows - 1) * cells.gap) / rows - cells.label;
  const auto w = static_cast<float>(sprite.width), h = static_cast<float>(sprite.height);
  cells.zoom = std::max(1, static_cast<int>(std::min(width / w, height / h)));
  cells.cell_width = w * static_cast<float>(cells.zoom);
  cells.cell_height = h * static_cast<float>(cells.zoom);
  const float all = kColumns * cells.cell_width + (kColumns - 1) * cells.gap;
  cells.left = std::floor(rect.x + (rect.width - all) / 2);
  cells.top = rect.y + ui.px(8);
  return cells;
}

// The pixel of a picture at `at` that the pointer is over, and remembers it.
void take_pixel(LabView& view, ImVec2 at, int zoom) {
  if (!ImGui::IsItemHovered()) return;
  const ImVec2 mouse = ImGui::GetIO().MousePos;
  view.pixel = {static_cast<int>((mouse.x - at.x) / static_cast<float>(zoom)),
                static_cast<int>((mouse.y - at.y) / static_cast<float>(zoom))};
}

void frame_pixel(const Ui& ui, ImVec2 at, int zoom, std::pair<int, int> pixel) {
  const auto z = static_cast<float>(zoom);
  const ImVec2 from{at.x + static_cast<float>(pixel.first) * z, at.y + static_cast<float>(pixel.second) * z};
  ImGui::GetWindowDrawList()->AddRect({from.x - 1, from.y - 1}, {from.x + z + 1, from.y + z + 1}, packed(colour::chosen()), 0, 0,
                                      ui.px(2));
}

void draw_pictures(Studio& studio, Area rect, const LabResult& result) {
  Ui& ui = studio.ui;
  LabView& view = studio.view.lab;
  const Image& sprite = result.pictures.front().shown;
  const Cells cells = cells_of(ui, rect, sprite, result.pictures.size());
  std::vector<Image> shown;
  std::vector<SpriteQuad> quads;
  for (std::size_t i = 0; i < result.pictures.size(); ++i) {
    const LabPicture& picture = result.pictures[i];
    const ImVec2 at = cells.at(i);
    ImGui::SetCursorScreenPos(at);
    ImGui::InvisibleButton(picture.id.c_str(), {cells.cell_width, cells.cell_height});
    ui.map.note("lab.picture." + picture.id, ParamValue(picture.label));
    take_pixel(view, at, cells.zoom);
    ImGui::SetCursorScreenPos({at.x, at.y - cells.label});
    ImGui::TextUnformatted(picture.label.c_str());
    ui.tooltips.show(picture.help);
    quads.push_back({at.x, at.y, cells.cell_width, cells.cell_height, static_cast<float>(i)});
    shown.push_back(picture.shown);
  }
  const TextureArray& texture = ui.sprites.pictures("lab", studio.mirror.lab.version(), shown);
  ui.sprites.show(texture, std::move(quads),
                  {.width = static_cast<float>(sprite.width),
                   .height = static_cast<float>(sprite.height),
                   .check_shift = 0,
                   .zoom = static_cast<float>(cells.zoom),
                   .grid_alpha = studio.settings.showing.pixel_grid && cells.zoom >= kLinesFrom ? kLines : 0});
  if (!view.pixel) return;
  for (std::size_t i = 0; i < result.pictures.size(); ++i) frame_pixel(ui, cells.at(i), cells.zoom, *view.pixel);
}

// As many steps as there is room for, the first and the last among them.
void choose_strip(LabView& view, const std::vector<LabStep>& path, std::uint64_t version, std::size_t room) {
  if (view.strip_version == version && view.strip_room == room) return;
  view.strip_version = version;
  view.strip_room = room;
  view.strip.clear();
  view.strip_steps.clear();
  const std::size_t count = std::min(room, path.size());
  for (std::size_t i = 0; i < count; ++i)
    view.strip_steps.push_back(static_cast<int>(count == 1 ? 0 : i * (path.size() - 1) / (count - 1)));
  for (const int step : view.strip_steps) view.strip.push_back(path[static_cast<std::size_t>(step)].x);
  for (const int step : view.strip_steps) view.strip.push_back(path[static_cast<std::size_t>(step)].x0);
}

void draw_strip(Studio& studio, Area rect, const LabResult& result) {
  Ui& ui = studio.ui;
  LabView& view = studio.view.lab;
  const std::vector<LabStep>& path = studio.mirror.lab.path();
  const Image& sprite = result.pictures.front().shown;
  const int zoom = std::max(1, static_cast<int>(ui.px(kStripCell)) / std::max(sprite.width, sprite.height));
  const float width = static_cast<float>(sprite.width * zoom), height = static_cast<float>(sprite.height * zoom), gap = ui.px(6);
  const float margin = ui.px(kMargin), top = rect.y + ui.px(kLabelHeight);
  ImGui::SetCursorScreenPos({rect.x + margin, rect.y});
  quiet_text(path.empty() ? "The run from here on comes in a moment"
                          : "The run from here on: x_t above, the predicted sprite below");
  const auto room = static_cast<std::size_t>(std::max(1.0f, (rect.width - 2 * margin + gap) / (width + gap)));
  choose_strip(view, path, studio.mirror.lab.path_version(), room);
  if (view.strip.empty()) return;
  std::vector<SpriteQuad> quads;
  const std::size_t count = view.strip_steps.size();
  for (std::size_t i = 0; i < count; ++i) {
    const LabStep& step = path[static_cast<std::size_t>(view.strip_steps[i])];
    const float x = rect.x + margin + static_cast<float>(i) * (width + gap);
    ImGui::SetCursorScreenPos({x, top});
    ImGui::PushID(static_cast<int>(i));
    if (ImGui::InvisibleButton("step", {width, 2 * height + ui.px(2)}))
      studio.settings.lab.level = static_cast<double>(step.timestep) / std::max(1, result.timesteps - 1);
    ImGui::PopID();
    ui.map.note("lab.step." + std::to_string(i), ParamValue(static_cast<std::int64_t>(step.timestep)));
    ui.tooltips.show("t = " + std::to_string(step.timestep) + "; click to look at that noise level");
    quads.push_back({x, top, width, height, static_cast<float>(i)});
    quads.push_back({x, top + height + ui.px(2), width, height, static_cast<float>(count + i)});
  }
  const std::uint64_t version = view.strip_version * 1000 + room;
  ui.sprites.show(ui.sprites.pictures("lab.strip", version, view.strip), std::move(quads),
                  {.width = static_cast<float>(sprite.width),
                   .height = static_cast<float>(sprite.height),
                   .check_shift = check_shift(zoom),
                   .zoom = static_cast<float>(zoom)});
}

void draw_nothing(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  const LabMirror& lab = studio.mirror.lab;
  const float y = rect.y + std::floor(rect.height / 2) - ui.px(20);
  if (lab.problem()) {
    centred_text(rect, y, lab.problem()->message, colour::text());
    centred_text(rect, y + ui.px(24), lab.problem()->hint, colour::quiet());
    return;
  }
  if (!studio.mirror.model()) return centred_text(rect, y, "Choose a model in the Generate tab first", colour::quiet());
  if (studio.view.lab.sprite.empty()) {
    centred_text(rect, y, "Generate sprites and choose one, or drop an image here,", colour::text());
    centred_text(rect, y + ui.px(24), "and see what the model sees in it under noise", colour::quiet());
    return;
  }
  centred_text(rect, y, "The model looks at it…", colour::quiet());
}

}  // namespace

void draw_lab_pictures(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("lab.pictures", rect, false);
  studio.view.lab.pixel.reset();
  const auto& result = studio.mirror.lab.result();
  if (!result || result->pictures.empty()) {
    draw_nothing(studio, rect);
    end_panel();
    return;
  }
  const float strip = 2 * ui.px(kStripCell) + ui.px(kLabelHeight) + ui.px(kMargin);
  draw_pictures(studio, {rect.x, rect.y, rect.width, rect.height - strip}, *result);
  draw_strip(studio, {rect.x, rect.y + rect.height - strip, rect.width, strip}, *result);
  end_panel();
}

}  // namespace kiln
