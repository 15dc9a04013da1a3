#include "app/panels/repair_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/frame.h"
#include "app/panels/start_image_row.h"
#include "app/panels/steer_actions.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr int kLargestBrush = 8;

struct Place {
  int x, y;
};

Place pixel_under_pointer(ImVec2 at, int zoom) {
  const ImVec2 pointer = ImGui::GetIO().MousePos;
  return {static_cast<int>(std::floor((pointer.x - at.x) / static_cast<float>(zoom))),
          static_cast<int>(std::floor((pointer.y - at.y) / static_cast<float>(zoom)))};
}

// The left button marks, the right one takes marks away.
void take_pointer(Repair& repair, const GeneratedBatch& batch, int chosen, Place place) {
  const bool left = ImGui::IsMouseClicked(ImGuiMouseButton_Left), right = ImGui::IsMouseClicked(ImGuiMouseButton_Right);
  if ((left || right) && ImGui::IsItemHovered()) {
    repair.stroke = true;
    repair.mark = left;
    repair.from_x = place.x;
    repair.from_y = place.y;
    if (repair.tool == RepairTool::kColour) repair.mask.paint_colour(batch.image(chosen), place.x, place.y, repair.mark);
  }
  if (!repair.stroke) return;
  const bool down = ImGui::IsMouseDown(repair.mark ? ImGuiMouseButton_Left : ImGuiMouseButton_Right);
  if (repair.tool == RepairTool::kBrush) {
    repair.mask.paint_line(repair.from_x, repair.from_y, place.x, place.y, repair.brush, repair.mark);
    repair.from_x = place.x;
    repair.from_y = place.y;
  } else if (repair.tool == RepairTool::kRectangle && !down) {
    repair.mask.paint_rectangle(repair.from_x, repair.from_y, place.x, place.y, repair.mark);
  }
  repair.stroke = down;
}

void draw_marks(const PixelMask& mask, ImVec2 at, int zoom) {
  ImDrawList* list = ImGui::GetWindowDrawList();
  ImVec4 ink = colour::running();
  ink.w = 0.45f;
  const auto side = static_cast<float>(zoom);
  const auto corner = [&](int x, int y) {
    return ImVec2{at.x + static_cast<float>(x) * side, at.y + static_cast<float>(y) * side};
  };
  for (int y = 0; y < mask.height(); ++y) {
    for (int x = 0; x < mask.width(); ++x) {
      if (!mask.marked(x, y)) continue;
      list->AddRectFilled(corner(x, y), corner(x + 1, y + 1), packed(ink));
      const ImU32 edge = packed(colour::running());
      if (!mask.marked(x, y - 1)) list->AddLine(corner(x, y), corner(x + 1, y), edge);
      if (!mask.marked(x, y + 1)) list->AddLine(corner(x, y + 1), corner(x + 1, y + 1), edge);
      if (!mask.marked(x - 1, y)) list->AddLine(corner(x, y), corner(x, y + 1), edge);
      if (!mask.marked(x + 1, y)) list->AddLine(corner(x + 1, y), corner(x + 1, y + 1), edge);
    }
  }
}

// Where the brush or the rectangle is.
void draw_aim(const Repair& repair, Place place, ImVec2 at, int zoom) {
  int x0 = place.x, y0 = place.y, x1 = place.x, y1 = place.y;
  if (repair.tool == RepairTool::kBrush) {
    x0 -= (repair.brush - 1) / 2, y0 -= (repair.brush - 1) / 2;
    x1 = x0 + repair.brush - 1, y1 = y0 + repair.brush - 1;
  } else if (repair.tool == RepairTool::kRectangle && repair.stroke) {
    x0 = std::min(repair.from_x, place.x), x1 = std::max(repair.from_x, place.x);
    y0 = std::min(repair.from_y, place.y), y1 = std::max(repair.from_y, place.y);
  }
  x0 = std::max(x0, 0), y0 = std::max(y0, 0);
  x1 = std::min(x1, repair.mask.width() - 1), y1 = std::min(y1, repair.mask.height() - 1);
  const auto side = static_cast<float>(zoom);
  ImGui::GetWindowDrawList()->AddRect({at.x + static_cast<float>(x0) * side, at.y + static_cast<float>(y0) * side},
                                      {at.x + static_cast<float>(x1 + 1) * side, at.y + static_cast<float>(y1 + 1) * side},
                                      packed(colour::chosen()));
}

void draw_tool_choice(Ui& ui, Repair& repair, float width) {
  struct Choice {
    RepairTool tool;
    const char *id, *label, *help;
  };
  const Choice choices[] = {
      {RepairTool::kBrush, "repair.brush", "Brush", "Paint over what is to be made anew; the right button takes away"},
      {RepairTool::kRectangle, "repair.rectangle", "Rectangle", "Drag over what is to be made anew"},
      {RepairTool::kColour, "repair.colour", "By colour", "Click a colour: all pixels that have it"}};
  const float gap = ImGui::GetStyle().ItemSpacing.x, each = std::floor((width - 2 * gap) / 3);
  for (const Choice& choice : choices) {
    if (choice.tool != RepairTool::kBrush) ImGui::SameLine();
    const bool chosen = repair.tool == choice.tool;
    if (chosen) ImGui::PushStyleColor(ImGuiCol_Button, ImGui::GetStyleColorVec4(ImGuiCol_Header));
    const bool pressed = ImGui::Button((std::string(choice.label) + "##" + choice.id).c_str(), {each, 0});
    if (chosen) ImGui::PopStyleColor();
    ui.map.note(choice.id, ParamValue(chosen));
    ui.tooltips.show(choice.help);
    if (pressed) repair.tool = choice.tool;
  }
}

std::string why_not_run(const Studio& studio) {
  if (std::string why = why_not_sprite(studio); !why.empty()) return why;
  return studio.view.steer.repair.mask.count() == 0 ? "Paint over what is to be made anew first" : "";
}

}  // namespace

void draw_repair_canvas(Studio& studio, ImVec2 at, int zoom) {
  Repair& repair = studio.view.steer.repair;
  const GeneratedBatch& batch = studio.mirror.batch();
  if (repair.mask.width() != batch.width || repair.mask.height() != batch.height) open_repair(studio);
  studio.ui.map.note("repair.canvas", at,
                     {at.x + static_cast<float>(batch.width * zoom), at.y + static_cast<float>(batch.height * zoom)},
                     ParamValue(static_cast<std::int64_t>(repair.mask.count())));
  const Place place = pixel_under_pointer(at, zoom);
  if (batch.has_pixels()) take_pointer(repair, batch, studio.view.chosen, place);
  draw_marks(repair.mask, at, zoom);
  if (repair.stroke || ImGui::IsItemHovered()) draw_aim(repair, place, at, zoom);
}

void draw_repair_tools(Studio& studio, float width) {
  Ui& ui = studio.ui;
  Repair& repair = studio.view.steer.repair;
  draw_tool_choice(ui, repair, width);
  if (repair.tool == RepairTool::kBrush)
    slider_row(ui, "repair.size", "Size", repair.brush, 1, kLargestBrush, 2, "Side of the brush in pixels");
  ParamMap& params = studio.settings.generate.repair_params;
  strength_row(ui, "repair.strength", params);
  param_row(ui, "repair.", find_spec(init_image_specs(), "resample", "init image"), params);
  const float half = std::floor((width - ImGui::GetStyle().ItemSpacing.x) / 2);
  if (action_button(ui, "repair.clear", "Clear", {half, 0}, repair.mask.count() == 0 ? "Nothing is marked" : "",
                    "Takes all marks away"))
    repair.mask.clear();
  ImGui::SameLine();
  if (action_button(ui, "repair.close", "Back", {half, 0}, {}, "Ends repairing; the marks stay until then")) {
    repair.on = false;
    repair.mask.clear();
  }
  if (main_button(ui, "repair.run", "Make it anew", {-FLT_MIN, ui.px(34)}, why_not_run(studio),
                  "Suggestions for the marked part; all else keeps every pixel"))
    run_repair(studio);
  small_text(ui, "Suggestions appear in the grid: click the one you like. All that is not marked stays as it is.", colour::quiet());
}

}  // namespace kiln
