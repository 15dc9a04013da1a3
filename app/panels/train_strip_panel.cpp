#include "app/panels/train_strip_panel.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/panels/frame.h"
#include "app/state/plot_scale.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

// A sample nearer than this to a training sprite is hardly another one: of two drawn sets (1,310 of 16×16, 3,176 of 32×32), one
// sprite in twenty has a neighbour as near, most of them recoloured.
constexpr double kNearlyACopy = 0.06;
constexpr int kMostZoom = 6, kLeastZoom = 2;
constexpr float kNameGap = 4;    // below a class's name
constexpr float kFrameRoom = 3;  // left of the first sample, for its frame

std::string distance_text(double distance) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", distance);
  return text;
}

// The places of one class: its name, a row of samples, below them their neighbours and distances.
struct BlockLayout {
  int zoom = 1, neighbour_zoom = 1;
  int columns = 1;  // of blocks
  float cell = 0;   // width of a sample, and the height
  float cell_height = 0, neighbour_height = 0;
  float width = 0, height = 0;  // of a block with what is between it and the next
  float rows_height = 0;        // of all
};

BlockLayout lay_out(const Ui& ui, const SampleStrip& strip, int width, int height, float space, int zoom) {
  BlockLayout layout;
  layout.zoom = zoom;
  layout.neighbour_zoom = std::max(1, zoom / 2);
  layout.cell = static_cast<float>(width * zoom);
  layout.cell_height = static_cast<float>(height * zoom);
  const float small = ui.theme.small->FontSize, gap = ui.px(6);
  layout.neighbour_height =
      strip.neighbours.empty() ? 0 : static_cast<float>(height * layout.neighbour_zoom) + ui.px(3) + small + ui.px(2);
  const auto samples = static_cast<float>(std::max(strip.columns, 1));
  const float step = std::max(layout.cell, ui.px(30)) + gap;
  layout.width = std::max(samples * step, ui.px(90)) + ui.px(20);
  layout.height = small + ui.px(kNameGap) + layout.cell_height + layout.neighbour_height + ui.px(10);
  layout.columns = std::max(1, static_cast<int>((space + ui.px(20)) / layout.width));
  const int blocks = static_cast<int>(strip.classes.size());
  const int rows = (blocks + layout.columns - 1) / layout.columns;
  layout.rows_height = layout.height * static_cast<float>(rows);
  return layout;
}

// The largest zoom at which everything can be seen at once; else the least, and the panel scrolls.
BlockLayout fitting_layout(const Ui& ui, const SampleStrip& strip, int width, int height, ImVec2 space) {
  const int scale = std::max(1, static_cast<int>(ui.theme.scale));
  for (int zoom = kMostZoom * scale; zoom > kLeastZoom * scale; --zoom) {
    const BlockLayout layout = lay_out(ui, strip, width, height, space.x, zoom);
    if (layout.rows_height <= space.y && layout.width <= space.x + ui.px(20)) return layout;
  }
  return lay_out(ui, strip, width, height, space.x, kLeastZoom * scale);
}

struct Quads {
  std::vector<SpriteQuad> samples, neighbours;
};

void draw_sample(Studio& studio, const SampleStrip& strip, int index, const std::string& of, ImVec2 at, const BlockLayout& layout,
                 float neighbour_width, Quads& quads) {
  Ui& ui = studio.ui;
  const auto i = static_cast<std::size_t>(index);
  const float step = std::max(layout.cell, ui.px(30));
  const float left = std::floor(at.x + (step - layout.cell) / 2);
  quads.samples.push_back({left, at.y, layout.cell, layout.cell_height, static_cast<float>(index)});
  ImGui::SetCursorScreenPos(at);
  const std::string name = "train.sample." + std::to_string(index);
  ImGui::InvisibleButton(name.c_str(), {step, layout.cell_height + layout.neighbour_height});
  const bool has_neighbour = i < strip.neighbours.size();
  ui.map.note(name, {left, at.y}, {left + layout.cell, at.y + layout.cell_height}, ParamValue(display_name(of)));
  if (!has_neighbour) return;
  const Neighbour& neighbour = strip.neighbours[i];
  const bool copy = neighbour.distance < kNearlyACopy;
  ui.tooltips.show(display_name(of) + "\nmost like " + neighbour.file + ", distance " + distance_text(neighbour.distance) +
                   (copy ? "\nnearly a copy: the model may be learning its sprites by heart" : ""));
  const float below = at.y + layout.cell_height + ui.px(3);
  quads.neighbours.push_back({std::floor(at.x + (step - neighbour_width) / 2), below, neighbour_width,
                              layout.neighbour_height - ui.px(5) - ui.theme.small->FontSize, static_cast<float>(index)});
  const std::string text = distance_text(neighbour.distance);
  const ImFont* font = ui.theme.small;
  const float width = font->CalcTextSizeA(font->FontSize, FLT_MAX, 0, text.c_str()).x;
  const ImVec2 text_at{std::floor(at.x + (step - width) / 2),
                       at.y + layout.cell_height + layout.neighbour_height - font->FontSize - ui.px(1)};
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddText(font, font->FontSize, text_at, packed(copy ? colour::error() : colour::quiet()), text.c_str());
  if (copy) {
    const float out = ui.px(2);
    list->AddRect({left - out, at.y - out}, {left + layout.cell + out, at.y + layout.cell_height + out}, packed(colour::error()), 0,
                  0, ui.px(1));
  }
}

void draw_blocks(Studio& studio, const SampleHistory::Snapshot& snapshot, ImVec2 space) {
  Ui& ui = studio.ui;
  const SampleStrip& strip = snapshot.strip;
  if (strip.sprites.empty()) return;
  const int width = strip.sprites.front().width, height = strip.sprites.front().height;
  const BlockLayout layout = fitting_layout(ui, strip, width, height, space);
  const ImVec2 corner = ImGui::GetCursorScreenPos(), origin{corner.x + ui.px(kFrameRoom), corner.y};
  const float small = ui.theme.small->FontSize, step = std::max(layout.cell, ui.px(30)) + ui.px(6);
  Quads quads;
  for (int block = 0; block < static_cast<int>(strip.classes.size()); ++block) {
    const std::string& of = strip.classes[static_cast<std::size_t>(block)];
    const int row = block / layout.columns;
    const ImVec2 at{origin.x + layout.width * static_cast<float>(block % layout.columns),
                    origin.y + layout.height * static_cast<float>(row)};
    ImDrawList* list = ImGui::GetWindowDrawList();
    list->PushClipRect(at, {at.x + layout.width - ui.px(14), at.y + layout.height}, true);
    list->AddText(ui.theme.small, small, at, packed(colour::quiet()), display_name(of).c_str());
    list->PopClipRect();
    for (int column = 0; column < strip.columns; ++column) {
      const int index = block * strip.columns + column;
      if (index >= static_cast<int>(strip.sprites.size())) break;
      draw_sample(studio, strip, index, of, {at.x + step * static_cast<float>(column), at.y + small + ui.px(kNameGap)}, layout,
                  static_cast<float>(width * layout.neighbour_zoom), quads);
    }
  }
  ImGui::SetCursorScreenPos(corner);
  ImGui::Dummy({1, layout.rows_height});
  const SpriteLook look{.width = static_cast<float>(width),
                        .height = static_cast<float>(height),
                        .check_shift = check_shift(layout.zoom),
                        .zoom = static_cast<float>(layout.zoom)};
  ui.sprites.show(ui.sprites.pictures("train.samples", snapshot.id, strip.sprites), std::move(quads.samples), look);
  SpriteLook under = look;
  under.check_shift = check_shift(layout.neighbour_zoom);
  under.zoom = static_cast<float>(layout.neighbour_zoom);
  if (!quads.neighbours.empty()) {
    ui.sprites.show(ui.sprites.pictures("train.neighbours", snapshot.id, snapshot.neighbours), std::move(quads.neighbours), under);
  }
}

// The slider stands on the step of the strip that is shown; at its right end it follows the newest.
void draw_time(Studio& studio, const SampleHistory& history, const SampleHistory::Snapshot& shown) {
  Ui& ui = studio.ui;
  TrainView& view = studio.view.train;
  const std::int64_t first = history.snapshots().front().strip.step, last = history.snapshots().back().strip.step;
  int step = static_cast<int>(shown.strip.step);
  ImGui::SetNextItemWidth(std::min(ui.px(360), ImGui::GetContentRegionAvail().x - ui.px(16)));
  ImGui::BeginDisabled(history.snapshots().size() < 2);
  if (ImGui::SliderInt("##train.strip_time", &step, static_cast<int>(first), static_cast<int>(std::max(last, first + 1)),
                       "at step %d", ImGuiSliderFlags_AlwaysClamp)) {
    const std::int64_t wanted = history.nearest(step).strip.step;
    view.strip_step = wanted == last ? -1 : wanted;
  }
  ui.map.note("train.strip_time", ParamValue(static_cast<std::int64_t>(shown.strip.step)));
  ImGui::EndDisabled();
  ui.tooltips.show("Back through the samples of this run; at the right end the newest ones are shown as they come");
}

}  // namespace

void draw_train_strip_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("train.strip", rect, false);
  const SampleHistory& history = studio.mirror.training.shown()->strips;
  const float margin = ui.px(16);
  ImGui::SetCursorScreenPos({rect.x + margin, rect.y + ui.px(8)});
  ImGui::AlignTextToFramePadding();
  ImGui::TextUnformatted("Samples");
  if (history.empty()) {
    ImGui::SameLine(0, ui.px(14));
    quiet_text(studio.mirror.training.active() ? "The first ones come soon" : "None were made in this run");
    end_panel();
    return;
  }
  const SampleHistory::Snapshot& snapshot =
      studio.view.train.strip_step < 0 ? history.snapshots().back() : history.nearest(studio.view.train.strip_step);
  ImGui::SameLine(0, ui.px(14));
  draw_time(studio, history, snapshot);
  if (!snapshot.strip.neighbours.empty()) {
    ImGui::SameLine(0, ui.px(14));
    small_text(ui, "Below each, the training sprite that is most like it", colour::quiet());
  }
  const float top = ui.px(44);
  ImGui::SetCursorScreenPos({rect.x + margin - ui.px(kFrameRoom), rect.y + top});
  const ImVec2 space{rect.width - margin * 2, rect.height - top - ui.px(4)};
  ImGui::BeginChild("samples", {space.x + margin - ui.px(2), space.y}, false);
  draw_blocks(studio, snapshot, {space.x - ui.px(12), space.y});
  ImGui::EndChild();
  end_panel();
}

}  // namespace kiln
