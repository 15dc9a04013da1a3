#include "app/panels/queue_list.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr const char* kList = "queue.list";
constexpr float kWidth = 470, kFacts = 150;

std::string facts_of(const SampleRequest& request) {
  const ParamMap& values = request.settings.shared_params;
  const std::int64_t count = get_int(values, "count"), steps = get_int(values, "steps");
  return std::to_string(count) + (count == 1 ? " sprite, " : " sprites, ") + std::to_string(steps) +
         (steps == 1 ? " step" : " steps");
}

// Text in a cell so wide, the rest of it cut off.
void clipped_text(Ui& ui, const std::string& text, float width, const ImVec4& ink) {
  const ImVec2 at = ImGui::GetCursorScreenPos(), size{width, ImGui::GetFrameHeight()};
  ImGui::Dummy(size);
  if (ImGui::CalcTextSize(text.c_str()).x > width) ui.tooltips.show(text);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->PushClipRect(at, {at.x + size.x, at.y + size.y}, true);
  list->AddText({at.x, at.y + ImGui::GetStyle().FramePadding.y}, packed(ink), text.c_str());
  list->PopClipRect();
}

bool arrow(Ui& ui, const std::string& name, ImGuiDir direction, bool possible, const char* help) {
  ImGui::BeginDisabled(!possible);
  const bool pressed = ImGui::ArrowButton(direction == ImGuiDir_Up ? "up" : "down", direction);
  ui.map.note(name);
  ImGui::EndDisabled();
  ui.tooltips.show(help);
  return pressed;
}

void draw_row(Studio& studio, std::size_t place) {
  Ui& ui = studio.ui;
  BatchQueue& queue = studio.mirror.queue;
  const QueuedBatch& each = queue.waiting()[place];
  const std::uint64_t id = each.id;
  const std::string name = "queue." + std::to_string(place), classes = classes_of(each.batch.request),
                    facts = facts_of(each.batch.request);
  const bool first = place == 0, last = place + 1 == queue.waiting().size();
  const float gap = ui.px(8), left = ImGui::GetCursorPosX(), side = ImGui::GetFrameHeight();
  const float buttons = 2 * (side + ui.px(4)) + ui.px(74);
  // A batch keeps its buttons' names when it moves up, so that a click that begins on one does not end on another's.
  ImGui::PushID(static_cast<int>(id));
  clipped_text(ui, classes, ui.px(kWidth - kFacts) - buttons - 2 * gap, colour::text());
  ui.map.note(name, ParamValue(classes + ", " + facts));
  ImGui::SameLine(left + ui.px(kWidth - kFacts) - buttons - gap);
  clipped_text(ui, facts, ui.px(kFacts), colour::quiet());
  ImGui::SameLine(left + ui.px(kWidth) - buttons);
  const bool up = arrow(ui, name + ".up", ImGuiDir_Up, !first, "Sooner");
  ImGui::SameLine(0, ui.px(4));
  const bool down = arrow(ui, name + ".down", ImGuiDir_Down, !last, "Later");
  ImGui::SameLine(0, ui.px(4));
  const bool remove = action_button(ui, name + ".remove", "Remove", {ui.px(74), 0}, {}, "It is not made");
  ImGui::PopID();
  if (up) queue.move_up(id);
  if (down) queue.move_down(id);
  if (remove) queue.remove(id);
}

void draw_list(Studio& studio, float right, float top) {
  Ui& ui = studio.ui;
  BatchQueue& queue = studio.mirror.queue;
  ImGui::SetNextWindowPos({right, top}, ImGuiCond_Always, {1, 0});
  ImGui::SetNextWindowSizeConstraints({0, 0}, {FLT_MAX, ImGui::GetIO().DisplaySize.y - top - ui.px(20)});
  if (!ImGui::BeginPopup(kList)) return;
  const float left = ImGui::GetCursorPosX();
  ImGui::AlignTextToFramePadding();
  quiet_text("Made next, from the top");
  ImGui::SameLine(left + ui.px(kWidth) - ui.px(96));
  if (action_button(ui, "queue.clear", "Remove all", {ui.px(96), 0}, {}, "None of these is made")) queue.clear();
  for (std::size_t place = 0; place < queue.waiting().size(); ++place) draw_row(studio, place);
  if (queue.empty() || ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape), false)) ImGui::CloseCurrentPopup();
  ImGui::EndPopup();
}

}  // namespace

float draw_queue_button(Studio& studio, float right, float height) {
  Ui& ui = studio.ui;
  const std::size_t count = studio.mirror.queue.waiting().size();
  float left = right;
  if (count > 0) {
    const std::string label = "+" + std::to_string(count) + " waiting";
    const float side = ui.px(24), width = ImGui::CalcTextSize(label.c_str()).x + ui.px(20);
    left = right - width;
    ImGui::SetCursorScreenPos({left, std::floor((height - side) / 2)});
    ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, 0));
    if (ImGui::Button((label + "###header.queue").c_str(), {width, side})) ImGui::OpenPopup(kList);
    ImGui::PopStyleVar();
    ui.map.note("header.queue", ParamValue(static_cast<std::int64_t>(count)));
    ui.tooltips.show("Batches that are made when this one has ended: their order, or take them away");
  }
  draw_list(studio, right, height);
  return left;
}

}  // namespace kiln
