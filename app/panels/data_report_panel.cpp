#include "app/panels/data_report_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/frame.h"
#include "app/panels/notice_bar.h"
#include "app/state/colours.h"
#include "app/widgets/fields.h"
#include "app/widgets/swatches.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

constexpr std::size_t kFilesNamed = 4;

void fact(Ui& ui, const std::string& name, const std::string& label, const std::string& text) {
  field_label(ui, label, "");
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(text.c_str());
  ui.map.note("data.fact." + name, ParamValue(text));
  ImGui::PopTextWrapPos();
}

std::string sizes_text(const DatasetReport& report) {
  std::string text;
  std::size_t shown = 0;
  for (const SizeCount& size : report.sizes) {
    if (shown++ == 4) return text + ", …";
    if (!text.empty()) text += ", ";
    text += std::to_string(size.width) + "×" + std::to_string(size.height);
    if (report.sizes.size() > 1) text += " (" + std::to_string(size.count) + ")";
  }
  return text;
}

std::string alpha_text(const DatasetReport& report) {
  std::vector<std::string> parts;
  if (report.alpha_hard > 0) parts.push_back(std::to_string(report.alpha_hard) + " cut out hard");
  if (report.alpha_soft > 0) parts.push_back(std::to_string(report.alpha_soft) + " with soft edges");
  if (report.alpha_none > 0) parts.push_back(std::to_string(report.alpha_none) + " without transparency");
  return joined(parts, ", ");
}

void draw_facts(Studio& studio, const DatasetReport& report) {
  Ui& ui = studio.ui;
  const std::string count = std::to_string(report.sprites) + (report.sprites == 1 ? " sprite" : " sprites") + " in " +
                            std::to_string(report.classes.size()) + (report.classes.size() == 1 ? " class" : " classes");
  ImGui::TextUnformatted(count.c_str());
  ui.map.note("data.count", ParamValue(static_cast<std::int64_t>(report.sprites)));
  if (report.sprites == 0) return;
  fact(ui, "sizes", "Size", sizes_text(report));
  fact(ui, "colours", "Colours",
       (report.fewest_colours == report.most_colours
            ? std::to_string(report.most_colours)
            : std::to_string(report.fewest_colours) + " to " + std::to_string(report.most_colours)) +
           " a sprite, " + std::to_string(report.colours) + " in all");
  fact(ui, "palette", "One palette",
       report.palette ? "yes, of these " + std::to_string(report.palette->colours.size()) : "no, too many colours");
  if (report.palette) draw_swatches(ui, *report.palette);
  fact(ui, "alpha", "Transparency", alpha_text(report));
  for (const std::string& note : report.notes) small_text(ui, sentence(note), colour::text());
}

// A check box; `preprocessing` is changed when it is clicked.
bool draw_fix(Ui& ui, const std::string& name, const Preprocessing& fix, Preprocessing& preprocessing) {
  bool on = is_applied(fix, preprocessing);
  const bool pressed = ImGui::Checkbox((label_of(fix, preprocessing) + "##" + name).c_str(), &on);
  ui.map.note(name, ParamValue(on));
  ui.tooltips.show(step_of(fix).help);
  if (pressed && on) apply(fix, preprocessing);
  if (pressed && !on) take_back(fix, preprocessing);
  return pressed;
}

// "data.fix.pad", "data.fix.renames.Potion"
std::string fix_name(const Finding& finding, const Preprocessing& fix) {
  return std::string("data.fix.") + step_of(fix).id + (finding.key.about.empty() ? "" : "." + finding.key.about);
}

std::string files_text(const Finding& finding) {
  std::vector<std::string> named(finding.files.begin(),
                                 finding.files.begin() + static_cast<std::ptrdiff_t>(std::min(finding.files.size(), kFilesNamed)));
  const std::size_t more = finding.files.size() - named.size();
  return joined(named, ", ") + (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

// A file that could not be used, by its name.
void draw_left_out(Ui& ui, const Finding& finding) {
  const std::string& file = finding.key.about;
  const std::string prefix = file + " is left out: ";
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(file.c_str());
  ui.map.note("data.finding.left_out." + file, ParamValue(finding.message));
  ImGui::PopTextWrapPos();
  small_text(ui, sentence(finding.message.starts_with(prefix) ? finding.message.substr(prefix.size()) : finding.message),
             colour::text());
  small_text(ui, sentence(finding.advice), colour::quiet());
}

void draw_message(Ui& ui, const Issue& issue) {
  const Finding& finding = issue.finding;
  ImGui::PushTextWrapPos(0);
  ImGui::PushStyleColor(ImGuiCol_Text, issue.fixed ? colour::quiet() : colour::text());
  ImGui::TextUnformatted(sentence(finding.message).c_str());
  ImGui::PopStyleColor();
  ui.map.note("data.finding." + finding.key.id, ParamValue(finding.message));
  ImGui::PopTextWrapPos();
  if (issue.fixed)
    small_text(ui, "Fixed", colour::done());
  else if (!finding.advice.empty())
    small_text(ui, sentence(finding.advice), colour::quiet());
}

bool draw_issue(Studio& studio, const Issue& issue, std::size_t number, Preprocessing& preprocessing) {
  Ui& ui = studio.ui;
  DataView& view = studio.view.data;
  const Finding& finding = issue.finding;
  ImGui::PushID(static_cast<int>(number));
  const ImVec2 from = ImGui::GetCursorScreenPos();
  ImGui::Indent(ui.px(12));
  if (finding.key.id == "left_out")
    draw_left_out(ui, finding);
  else
    draw_message(ui, issue);
  bool changed = false;
  for (const Preprocessing& fix : finding.fixes) changed |= draw_fix(ui, fix_name(finding, fix), fix, preprocessing);
  const bool can_show = !issue.fixed && !finding.files.empty() && finding.key.id != "left_out" && finding.key.id != "passed_over";
  if (finding.key.id == "passed_over") small_text(ui, files_text(finding), colour::quiet());
  if (can_show) {
    const bool shown = view.finding == finding.key;
    if (action_button(ui, "data.show." + finding.key.id, shown ? "Show all sprites" : "Show them", {0, 0}, {})) {
      view.finding = shown ? std::nullopt : std::optional(finding.key);
      view.sheet_open = view.as_trained = false;
    }
  }
  ImGui::Unindent(ui.px(12));
  const ImVec4 ink = issue.fixed                                                                                ? colour::done()
                     : finding.key.id == "left_out" || finding.key.id == "nothing" || finding.key.id == "sizes" ? colour::error()
                                                                                                                : colour::quiet();
  ImGui::GetWindowDrawList()->AddRectFilled(from, {from.x + ui.px(3), ImGui::GetCursorScreenPos().y - ui.px(4)}, packed(ink));
  ImGui::Dummy({0, ui.px(4)});
  ImGui::PopID();
  return changed;
}

// Two numbers, taken when typing ends.
bool draw_pad_size(Studio& studio, Preprocessing& preprocessing) {
  Ui& ui = studio.ui;
  DataView& view = studio.view.data;
  if (!view.typing_pad) view.pad = {preprocessing.pad.width, preprocessing.pad.height};
  ImGui::SetNextItemWidth(-FLT_MIN);
  ImGui::InputInt2("##data.change.pad_size", view.pad.data());
  ui.map.note("data.change.pad_size", ParamValue(static_cast<std::int64_t>(view.pad[0])));
  const bool ended = ImGui::IsItemDeactivatedAfterEdit();
  view.typing_pad = ImGui::IsItemActive();
  if (!ended) return false;
  preprocessing.pad = {std::clamp(view.pad[0], 1, 1024), std::clamp(view.pad[1], 1, 1024)};
  return true;
}

bool draw_changes(Studio& studio, Preprocessing& preprocessing) {
  Ui& ui = studio.ui;
  DataView& view = studio.view.data;
  if (!fold(ui, "data.changes", "Other changes", view.changes_open)) return false;
  bool changed = false;
  for (const Preprocessing& offer : studio.mirror.dataset.report()->offers) {
    changed |= draw_fix(ui, std::string("data.change.") + step_of(offer).id, offer, preprocessing);
    if (offer.pad != PixelSize{} && preprocessing.pad != PixelSize{}) changed |= draw_pad_size(studio, preprocessing);
  }
  return changed;
}

}  // namespace

void draw_data_report(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  DatasetMirror& set = studio.mirror.dataset;
  begin_panel("data.report", rect);
  if (set.report()) {
    draw_facts(studio, *set.report());
    ImGui::Dummy({0, ui.px(4)});
    ImGui::Separator();
    ImGui::Dummy({0, ui.px(4)});
    Preprocessing preprocessing = set.preprocessing();
    bool changed = false;
    const std::vector<Issue> issues = set.issues();
    if (issues.empty()) quiet_text("Nothing to fix.");
    if (const auto bad = set.report()->left_out.size(); bad > 0) {
      const std::string text = bad == 1 ? "1 file or sprite is left out" : std::to_string(bad) + " files or sprites are left out";
      ImGui::TextUnformatted(text.c_str());
      ImGui::Dummy({0, ui.px(2)});
    }
    for (std::size_t i = 0; i < issues.size(); ++i) changed |= draw_issue(studio, issues[i], i, preprocessing);
    changed |= draw_changes(studio, preprocessing);
    if (changed) set.set_preprocessing(preprocessing);
  } else {
    ImGui::PushTextWrapPos(0);
    quiet_text(
        "What a set holds and what may be fixed is told here once it is open. Nothing is changed on disk: fixes are done to "
        "what is trained and saved.");
    ImGui::PopTextWrapPos();
  }
  end_panel();
}

}  // namespace kiln
