#include "app/panels/notice_bar.h"

#include <algorithm>
#include <cctype>
#include <cmath>

#include "app/widgets/fields.h"

namespace kiln {
namespace {

constexpr float kNoticeHeight = 46;
constexpr float kSide = 26, kCopyWidth = 50, kNextWidth = 62, kGap = 8;

ImVec4 ink_of(NoticeKind kind) {
  return kind == NoticeKind::kError ? colour::error() : kind == NoticeKind::kDone ? colour::done() : colour::text();
}

float buttons_width(const Ui& ui, const Notice& notice, std::size_t others) {
  float width = ui.px(kGap + kSide);
  if (notice.kind == NoticeKind::kError) width += ui.px(kGap + kCopyWidth);
  if (others > 0) width += ui.px(kGap + kNextWidth);
  return width;
}

// From `at` to the right: the others, copy, dismiss.
void draw_buttons(Studio& studio, const Notice& notice, std::size_t others, ImVec2 at) {
  Ui& ui = studio.ui;
  const auto button = [&](const char* name, const std::string& label, float width, const char* help) {
    ImGui::SetCursorScreenPos({at.x + ui.px(kGap), at.y});
    at.x += ui.px(kGap + width);
    return action_button(ui, name, label, {ui.px(width), ui.px(kSide)}, {}, help);
  };
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(0, 0));
  if (others > 0 && button("notice.next", std::to_string(others) + " more", kNextWidth, "Shows the one before"))
    studio.mirror.notices.show_next();
  if (notice.kind == NoticeKind::kError && button("notice.copy", "Copy", kCopyWidth, "All that is known of this error, as text"))
    ImGui::SetClipboardText(whole_text(notice).c_str());
  if (button("notice.dismiss", "×", kSide, "Dismiss")) studio.mirror.notices.dismiss(notice.id);
  ImGui::PopStyleVar();
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
  const std::size_t others = notices.size() - 1;
  Notice notice = notices.back();
  notice.message = sentence(notice.message);
  const float left = rect.x + ui.px(16);
  const float width = std::max(1.0f, rect.width - ui.px(16) * 2 - buttons_width(ui, notice, others));
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
  draw_buttons(studio, notice, others, {left + width, std::floor(rect.y + (rect.height - ui.px(kSide)) / 2)});
}

}  // namespace kiln
