#include "app/panels/edit_canvas_panel.h"

#include <algorithm>
#include <cmath>
#include <iterator>

#include "app/panels/edit_actions.h"
#include "app/panels/frame.h"
#include "app/panels/notice_bar.h"
#include "app/state/colours.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kStatusHeight = 40, kMargin = 20;
constexpr int kZooms[] = {1, 2, 3, 4, 6, 8, 12, 16, 20, 24, 32, 40, 48, 64, 80, 96};
constexpr int kGridFrom = 6;  // below, lines between pixels hide them

// The sprite as it lies on the screen.
struct Placed {
  float x = 0, y = 0;
  int zoom = 1;

  PixelPoint pixel(ImVec2 at) const {
    const auto z = static_cast<float>(zoom);
    return {static_cast<int>(std::floor((at.x - x) / z)), static_cast<int>(std::floor((at.y - y) / z))};
  }
  ImVec2 corner(int column, int row) const { return {x + static_cast<float>(column * zoom), y + static_cast<float>(row * zoom)}; }
};

int fitting_zoom(const Ui& ui, const Image& image, Area canvas) {
  const float margin = 2 * ui.px(kMargin);
  const int across = static_cast<int>(canvas.width - margin) / std::max(1, image.width);
  const int down = static_cast<int>(canvas.height - margin) / std::max(1, image.height);
  return std::clamp(std::min(across, down), 1, kZooms[std::size(kZooms) - 1]);
}

Placed place(const Ui& ui, const EditZoom& zoom, const Image& image, Area canvas) {
  if (zoom.zoom > 0) return {canvas.x + std::floor(zoom.x), canvas.y + std::floor(zoom.y), zoom.zoom};
  const int fit = fitting_zoom(ui, image, canvas);
  return {canvas.x + std::floor((canvas.width - static_cast<float>(image.width * fit)) / 2),
          canvas.y + std::floor((canvas.height - static_cast<float>(image.height * fit)) / 2), fit};
}

int next_zoom(int zoom, bool larger) {
  if (larger) {
    const auto* found = std::upper_bound(std::begin(kZooms), std::end(kZooms), zoom);
    return found == std::end(kZooms) ? zoom : *found;
  }
  const auto* found = std::lower_bound(std::begin(kZooms), std::end(kZooms), zoom);
  return found == std::begin(kZooms) ? zoom : *std::prev(found);
}

// The wheel enlarges about the pointer, the middle button moves.
void move_about(EditView& edit, Placed& placed, Area canvas, bool hovered) {
  const ImGuiIO& io = ImGui::GetIO();
  if (hovered && io.MouseWheel != 0) {
    const int zoom = next_zoom(placed.zoom, io.MouseWheel > 0);
    const float ratio = static_cast<float>(zoom) / static_cast<float>(placed.zoom);
    placed = {std::floor(io.MousePos.x - (io.MousePos.x - placed.x) * ratio),
              std::floor(io.MousePos.y - (io.MousePos.y - placed.y) * ratio), zoom};
    edit.zoom = {zoom, placed.x - canvas.x, placed.y - canvas.y};
  }
  if (hovered && ImGui::IsMouseClicked(ImGuiMouseButton_Middle)) edit.panning = true;
  if (!ImGui::IsMouseDown(ImGuiMouseButton_Middle)) edit.panning = false;
  if (edit.panning) {
    placed.x += io.MouseDelta.x;
    placed.y += io.MouseDelta.y;
    edit.zoom = {placed.zoom, placed.x - canvas.x, placed.y - canvas.y};
  }
}

void draw_with_pointer(Studio& studio, const Placed& placed, bool hovered) {
  EditView& edit = studio.view.edit;
  PixelEditor& editor = edit.editor;
  const ImGuiIO& io = ImGui::GetIO();
  const PixelPoint at = placed.pixel(io.MousePos);
  const bool left = ImGui::IsMouseClicked(ImGuiMouseButton_Left), right = ImGui::IsMouseClicked(ImGuiMouseButton_Right);
  if (hovered && (left || right) && !editor.drawing()) {
    if (edit.replacing) {
      if (contains(editor.image(), at)) store_edit(studio, editor.replace(pixel_at(editor.image(), at), editor.kit.colour));
      edit.replacing = false;
    } else if (left && io.KeyAlt) {
      editor.pick(at);
    } else {
      edit.button = left ? ImGuiMouseButton_Left : ImGuiMouseButton_Right;
      editor.press(at, right);
    }
    return;
  }
  if (editor.drawing()) {
    editor.drag(at);
    if (!ImGui::IsMouseDown(edit.button)) store_edit(studio, editor.release());
  } else if (hovered && editor.kit.tool == EditTool::kPicker && ImGui::IsMouseDown(ImGuiMouseButton_Left) &&
             ImGui::GetIO().MouseDownDuration[0] > 0) {
    editor.drag(at);
  }
}

// A line that is seen on any colour.
void outline(ImDrawList* list, ImVec2 from, ImVec2 to) {
  list->AddRect({from.x - 1, from.y - 1}, {to.x + 1, to.y + 1}, IM_COL32(0, 0, 0, 255));
  list->AddRect(from, to, IM_COL32(255, 255, 255, 255));
}

void draw_marks(const Studio& studio, const Placed& placed, bool hovered) {
  const PixelEditor& editor = studio.view.edit.editor;
  const Image& image = editor.image();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const Mirroring& mirroring = editor.kit.mirroring;
  const ImVec2 from = placed.corner(0, 0), to = placed.corner(image.width, image.height);
  const float x = std::floor((from.x + to.x) / 2), y = std::floor((from.y + to.y) / 2), out = studio.ui.px(8);
  if (mirroring.left_right) list->AddLine({x, from.y - out}, {x, to.y + out}, packed(colour::running()));
  if (mirroring.top_bottom) list->AddLine({from.x - out, y}, {to.x + out, y}, packed(colour::running()));
  if (const auto& selected = editor.selection()) {
    outline(list, placed.corner(selected->x, selected->y),
            placed.corner(selected->x + selected->width, selected->y + selected->height));
  }
  const PixelPoint at = placed.pixel(ImGui::GetIO().MousePos);
  if (!hovered || !contains(image, at) || placed.zoom < 3) return;
  const bool draws = editor.kit.tool != EditTool::kPicker && editor.kit.tool != EditTool::kSelect;
  for (const PixelPoint& pixel : mirrored({at}, image.width, image.height, draws ? mirroring : Mirroring{}))
    outline(list, placed.corner(pixel.x, pixel.y), placed.corner(pixel.x + 1, pixel.y + 1));
}

std::string value_text(const Rgba8& pixel) {
  if (pixel == kTransparent) return "transparent";
  const std::string text = hex({pixel.r, pixel.g, pixel.b});
  return pixel.a == 255 ? text : text + ", alpha " + std::to_string(pixel.a);
}

void draw_status(const Studio& studio, Area rect, const Placed& placed, bool hovered) {
  const Ui& ui = studio.ui;
  const EditView& edit = studio.view.edit;
  const Image& image = edit.editor.image();
  ImDrawList* list = ImGui::GetWindowDrawList();
  const JobStatus* job = studio.mirror.sampling();
  const bool runs = job && job->active();
  progress_line(ui, rect, runs ? job->part() : 0, runs && !job->paused());
  const float y = rect.y + ui.px(13);
  const PixelPoint at = placed.pixel(ImGui::GetIO().MousePos);
  std::string left =
      studio.mirror.another_pending() ? "New sprites are shown once you are done" : "Wheel zooms, middle button moves, F fits";
  if (hovered && contains(image, at))
    left = std::to_string(at.x) + ", " + std::to_string(at.y) + "  ·  " + value_text(pixel_at(image, at));
  if (edit.replacing) left = "Click the colour to replace, here or in the palette";
  list->AddText({rect.x + ui.px(16), y}, packed(edit.replacing ? colour::running() : colour::quiet()), left.c_str());
  const GeneratedBatch& batch = studio.mirror.batch();
  const std::string right = describe(batch.condition(edit.index)) + "  ·  " + std::to_string(image.width) + "×" +
                            std::to_string(image.height) + "  ·  ×" + std::to_string(placed.zoom);
  const float width = ImGui::CalcTextSize(right.c_str()).x;
  if (ImGui::CalcTextSize(left.c_str()).x + width + ui.px(48) > rect.width) return;
  list->AddText({rect.x + rect.width - ui.px(16) - width, y}, packed(colour::quiet()), right.c_str());
}

}  // namespace

void draw_edit_canvas_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  EditView& edit = studio.view.edit;
  const float status = ui.px(kStatusHeight), told = notice_height(ui);
  const Area canvas{rect.x, rect.y, rect.width, rect.height - status - told};
  begin_panel("edit_canvas", rect, false);
  ImGui::SetCursorScreenPos({canvas.x, canvas.y});
  ImGui::InvisibleButton("canvas", {canvas.width, canvas.height},
                         ImGuiButtonFlags_MouseButtonLeft | ImGuiButtonFlags_MouseButtonRight | ImGuiButtonFlags_MouseButtonMiddle);
  const bool hovered = ImGui::IsItemHovered();
  Placed placed = place(ui, edit.zoom, edit.editor.image(), canvas);
  move_about(edit, placed, canvas, hovered);
  draw_with_pointer(studio, placed, hovered);
  const Image& image = edit.editor.image();
  if (edit.texture_version != edit.editor.version()) {
    edit.texture.upload(image.width, image.height, 1, image.rgba);
    edit.texture_version = edit.editor.version();
  }
  const ImVec2 from = placed.corner(0, 0), to = placed.corner(image.width, image.height);
  ImGui::PushClipRect({canvas.x, canvas.y}, {canvas.x + canvas.width, canvas.y + canvas.height}, true);
  ui.map.note("edit.sprite", from, to, ParamValue(static_cast<std::int64_t>(edit.index)));
  ui.sprites.show(edit.texture, {{from.x, from.y, to.x - from.x, to.y - from.y, 0}},
                  {.width = static_cast<float>(image.width),
                   .height = static_cast<float>(image.height),
                   .check_shift = check_shift(placed.zoom),
                   .zoom = static_cast<float>(placed.zoom),
                   .grid_alpha = edit.grid && placed.zoom >= kGridFrom ? 0.22f : 0});
  draw_marks(studio, placed, hovered);
  ImGui::PopClipRect();
  draw_notice(studio, {rect.x, canvas.y + canvas.height, rect.width, told});
  draw_status(studio, {rect.x, canvas.y + canvas.height + told, rect.width, status}, placed, hovered);
  end_panel();
}

}  // namespace kiln
