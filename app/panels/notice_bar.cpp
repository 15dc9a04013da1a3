#include "app/panels/notice_bar.h"

#include <cctype>
#include <cmath>

#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kNoticeHeight = 46;

ImVec4 ink_of(NoticeKind kind) {
  return kind == NoticeKind::kError ? colour::error() : kind == NoticeKind::kDone ? colour::done() : colour::text();
}

}  // namespace

std::string sentence(std::string message) {
  if (!message.empty()) message.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(message.front())));
  return message;
}

float notice_height(const Ui& ui) { return ui.px(kNoticeHeight); }

void draw_notice(Studio& studio, Area rect) {
  const auto& notices = studio.mirror.notices.shown();
  if (notices.empty()) return;
  Ui& ui = studio.ui;
  Notice notice = notices.back();
  notice.message = sentence(notice.message);
  const float left = rect.x + ui.px(16);
  const float side = ui.px(26);
  const float width = rect.width - ui.px(16) * 2 - side - ui.px(8);
  ImDrawList* list = ImGui::GetWindowDrawList();
  list->AddRectFilled({rect.x, rect.y + ui.px(4)}, {rect.x + ui.px(3), rect.y + rect.height - ui.px(4)},
                      packed(ink_of(notice.kind)));
  list->PushClipRect({left, rect.y}, {left + width, rect.y + rect.height}, true);
  const bool two = !notice.hint.empty();
  const float line = ImGui::GetFontSize();
  const float y = std::floor(rect.y + (rect.height - (two ? line * 2 + ui.px(3) : line)) / 2);
  list->AddText({left, y}, packed(ink_of(notice.kind)), notice.message.c_str());
  if (two) list->AddText({left, y + line + ui.px(3)}, packed(colour::quiet()), notice.hint.c_str());
  list->PopClipRect();
  ImGui::SetCursorScreenPos({left, rect.y});
  ImGui::InvisibleButton("notice", {width, rect.height});
  ui.map.note("notice", ParamValue(notice.message));
  if (ImGui::CalcTextSize(notice.message.c_str()).x > width || ImGui::CalcTextSize(notice.hint.c_str()).x > width) {
    ui.tooltips.show(two ? notice.message + "\n" + notice.hint : notice.message);
  }
  ImGui::SetCursorScreenPos({left + width + ui.px(8), std::floor(rect.y + (rect.height - side) / 2)});
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, 0));
  if (action_button(ui, "notice.dismiss", "×", {side, side}, {}, "Dismiss")) studio.mirror.notices.dismiss(notice.id);
  ImGui::PopStyleVar();
}

}  // namespace kiln
