#include "app/panels/train_plots_panel.h"

#include <algorithm>
#include <cmath>

#include "app/panels/frame.h"
#include "app/widgets/fields.h"
#include "app/widgets/plot.h"

namespace kiln {
namespace {

// Which curve colours the lines of a plot have, in turn: of the run that is shown, and of another beside it.
constexpr std::size_t kInks = 3;
constexpr std::size_t kOwn = 0, kOther = kInks;
constexpr float kFaint = 0.28f;

std::string shortened(const std::string& name) {
  constexpr std::size_t kMost = 16;
  if (name.size() <= kMost) return name;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;  // not within a UTF-8 sequence
  return name.substr(0, end) + "…";
}

// The curves of one plot. `whose`: before each label.
std::vector<PlotLine> lines_of(const TrainingHistory& history, const std::string& plot, const std::string& whose,
                               std::size_t first_ink) {
  std::vector<PlotLine> lines;
  std::size_t ink = 0;
  for (const MetricInfo& info : train_metrics()) {
    if (info.plot != plot) continue;
    const Series* series = &history.of(info.value);
    if (info.curve == MetricInfo::Curve::kFaint && !lines.empty()) {
      const ImVec4& before = lines.back().colour;
      lines.push_back({"", series, {before.x, before.y, before.z, kFaint}, 1, false});
      continue;
    }
    const bool dots = info.curve == MetricInfo::Curve::kDots;
    lines.push_back({whose + info.label, series, colour::curve(first_ink + ink++ % kInks), dots ? 1.5f : 1.8f, dots});
  }
  return lines;
}

void draw_losses(Studio& studio, const std::string& plot, Area rect, const TrainingRun& run) {
  Ui& ui = studio.ui;
  const TrainingRun* other = studio.mirror.training.compared();
  if (other && other->path == run.path) other = nullptr;
  std::vector<PlotLine> lines = lines_of(run.history, plot, other ? shortened(run.name) + ": " : "", kOwn);
  if (other) {
    const auto theirs = lines_of(other->history, plot, shortened(other->name) + ": ", kOther);
    lines.insert(lines.end(), theirs.begin(), theirs.end());
    std::erase_if(lines, [](const PlotLine& line) { return line.label.empty(); });
  }
  draw_plot(ui, "train.plot." + plot, rect, lines,
            {.title = plot,
             .logarithmic = studio.settings.train.log_loss,
             .x_end = static_cast<double>(run.step),
             .empty = "The first measurements come soon",
             .beside_title = ui.px(70)});
  ImGui::PushFont(ui.theme.small);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(ui.px(3), ui.px(1)));
  ImGui::SetCursorScreenPos({rect.x + ui.px(50), rect.y - ui.px(1)});
  ImGui::Checkbox("log##train.log_loss", &studio.settings.train.log_loss);
  ui.map.note("train.log_loss", ParamValue(studio.settings.train.log_loss));
  ui.tooltips.show("A logarithmic scale shows small changes late in a run");
  ImGui::PopStyleVar();
  ImGui::PopFont();
}

// In the order of their first metrics; without those of which nothing was measured, if that is seldom done.
std::vector<std::string> shown_plots(const TrainingHistory& history) {
  std::vector<std::string> plots;
  for (const MetricInfo& info : train_metrics()) {
    if (info.curve == MetricInfo::Curve::kDots && history.of(info.value).empty()) continue;
    if (!info.plot.empty() && std::find(plots.begin(), plots.end(), info.plot) == plots.end()) plots.push_back(info.plot);
  }
  return plots;
}

}  // namespace

void draw_train_plots_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("train.plots", rect, false);
  const TrainingRun& run = *studio.mirror.training.shown();
  const float margin = ui.px(16), gap = ui.px(22);
  const Area inner{rect.x + margin, rect.y + ui.px(8), rect.width - margin * 2, rect.height - ui.px(12)};
  const float right = std::floor(inner.width * 0.34f);
  const std::vector<std::string> plots = shown_plots(run.history);
  draw_losses(studio, plots.front(), {inner.x, inner.y, inner.width - right - gap, inner.height}, run);
  // On the right the bars, then the other plots.
  const float space = ui.px(8), height = std::floor((inner.height + space) / static_cast<float>(plots.size()) - space);
  Area place{inner.x + inner.width - right, inner.y, right, height};
  draw_bars(
      ui, "train.plot.noise", place, run.history.by_noise, run.history.by_noise_first,
      {.title = "Loss by noise level", .low_end = "least noise", .high_end = "most", .empty = "Measured every so many steps"});
  for (std::size_t i = 1; i < plots.size(); ++i) {
    place.y += height + space;
    std::vector<PlotLine> lines = lines_of(run.history, plots[i], "", kOwn);
    if (lines.size() == 1) lines.front().label.clear();
    draw_plot(ui, "train.plot." + plots[i], place, lines,
              {.title = plots[i], .from_zero = true, .x_end = static_cast<double>(run.step), .empty = ""});
  }
  end_panel();
}

}  // namespace kiln
