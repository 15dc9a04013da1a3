#include "app/panels/train_plots_panel.h"

#include <cmath>

#include "app/panels/frame.h"
#include "app/widgets/fields.h"
#include "app/widgets/plot.h"

namespace kiln {
namespace {

const ImVec4 kTraining = colour::kRunning;
const ImVec4 kRaw{0.451f, 0.690f, 0.945f, 0.28f};
const ImVec4 kValidation{0.945f, 0.741f, 0.420f, 1};
const ImVec4 kOtherTraining{0.549f, 0.796f, 0.541f, 1};
const ImVec4 kOtherValidation{0.792f, 0.561f, 0.831f, 1};

std::string shortened(const std::string& name) {
  constexpr std::size_t kMost = 16;
  if (name.size() <= kMost) return name;
  std::size_t end = kMost;
  while (end > 0 && (static_cast<unsigned char>(name[end]) & 0xC0) == 0x80) --end;  // not within a UTF-8 sequence
  return name.substr(0, end) + "…";
}

void draw_losses(Studio& studio, Area rect, const TrainingRun& run) {
  Ui& ui = studio.ui;
  const TrainingRun* other = studio.mirror.training.compared();
  if (other && other->path == run.path) other = nullptr;
  const std::string whose = other ? shortened(run.name) + ": " : "";
  std::vector<PlotLine> lines = {{whose + "training", &run.history.smoothed, kTraining, 1.8f, false}};
  if (!other) lines.push_back({"", &run.history.loss, kRaw, 1, false});
  lines.push_back({whose + "validation", &run.history.validation, kValidation, 1.5f, true});
  if (other) {
    const std::string theirs = shortened(other->name) + ": ";
    lines.push_back({theirs + "training", &other->history.smoothed, kOtherTraining, 1.8f, false});
    lines.push_back({theirs + "validation", &other->history.validation, kOtherValidation, 1.5f, true});
  }
  draw_plot(ui, "train.plot.loss", rect, lines,
            {.title = "Loss",
             .logarithmic = studio.settings.train.log_loss,
             .x_end = static_cast<double>(run.step),
             .empty = "The first measurements come soon"});
  ImGui::PushFont(ui.theme.small);
  ImGui::PushStyleVar(ImGuiStyleVar_FramePadding, ImVec2(ui.px(3), ui.px(1)));
  ImGui::SetCursorScreenPos({rect.x + ui.px(50), rect.y - ui.px(1)});
  ImGui::Checkbox("log##train.log_loss", &studio.settings.train.log_loss);
  ui.map.note("train.log_loss", ParamValue(studio.settings.train.log_loss));
  ui.tooltips.show("A logarithmic scale shows small changes late in a run");
  ImGui::PopStyleVar();
  ImGui::PopFont();
}

}  // namespace

void draw_train_plots_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("train.plots", rect, false);
  const TrainingRun& run = *studio.mirror.training.shown();
  const float margin = ui.px(16), gap = ui.px(22);
  const Area inner{rect.x + margin, rect.y + ui.px(8), rect.width - margin * 2, rect.height - ui.px(12)};
  const float right = std::floor(inner.width * 0.34f);
  draw_losses(studio, {inner.x, inner.y, inner.width - right - gap, inner.height}, run);
  const float half = std::floor((inner.height - ui.px(8)) / 2);
  const Area top{inner.x + inner.width - right, inner.y, right, half};
  draw_bars(
      ui, "train.plot.noise", top, run.history.by_noise, run.history.by_noise_first,
      {.title = "Loss by noise level", .low_end = "least noise", .high_end = "most", .empty = "Measured every so many steps"});
  draw_plot(ui, "train.plot.rate", {top.x, inner.y + inner.height - half, right, half},
            {{"", &run.history.learning_rate, kTraining, 1.5f, false}},
            {.title = "Learning rate", .logarithmic = false, .x_end = static_cast<double>(run.step), .empty = ""});
  end_panel();
}

}  // namespace kiln
