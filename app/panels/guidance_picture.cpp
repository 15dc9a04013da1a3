#include "app/panels/guidance_picture.h"

#include <algorithm>
#include <cmath>

#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kHeight = 40;
constexpr double kLeastTop = 3;  // guidance that reaches the upper edge

}  // namespace

void draw_guidance_picture(Ui& ui, const ParamMap& sampling) {
  const double guidance = get_real(sampling, "guidance"), from = get_real(sampling, "guidance_from"),
               to = std::max(from, get_real(sampling, "guidance_to")), rescale = get_real(sampling, "rescale");
  const ImVec2 at = ImGui::GetCursorScreenPos();
  const float width = ImGui::GetContentRegionAvail().x, height = ui.px(kHeight);
  ImGui::Dummy({width, height});
  ui.map.note("generate.guidance_picture");
  ui.tooltips.show(
      "Guidance from the first step (left) to the last; the line is 1, as the model learned it. What is pale, rescaling takes "
      "back");
  ImDrawList* list = ImGui::GetWindowDrawList();
  const double top = std::max(kLeastTop, guidance);
  const auto y = [&](double g) { return std::round(at.y + height - static_cast<float>(g / top) * height); };
  const auto x = [&](double part) { return std::round(at.x + static_cast<float>(part) * width); };
  list->AddRectFilled(at, {at.x + width, at.y + height}, ImGui::GetColorU32(ImGuiCol_FrameBg), ui.px(3));
  const auto bar = [&](double begin, double end, double low, double high, const ImVec4& ink, float alpha) {
    if (end <= begin || high <= low) return;
    list->AddRectFilled({x(begin), y(high)}, {x(end), y(low)}, ImGui::GetColorU32({ink.x, ink.y, ink.z, alpha}));
  };
  constexpr float kWhole = 0.75f, kPale = 0.3f;
  bar(0, from, 0, 1, colour::quiet(), kWhole);
  bar(to, 1, 0, 1, colour::quiet(), kWhole);
  const double kept = guidance > 1 ? 1 + (guidance - 1) * (1 - rescale) : guidance;
  bar(from, to, 0, kept, colour::running(), kWhole);
  bar(from, to, kept, guidance, colour::running(), kPale);
  list->AddLine({at.x, y(1)}, {at.x + width, y(1)}, packed(colour::text()));
}

}  // namespace kiln
