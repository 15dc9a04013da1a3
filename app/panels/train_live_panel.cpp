#include "app/panels/train_live_panel.h"

#include <algorithm>
#include <filesystem>

#include "app/panels/frame.h"
#include "app/state/plot_scale.h"
#include "app/state/train_settings.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

void fact(Ui& ui, const char* label, const std::string& value) {
  if (value.empty()) return;
  const float start = ImGui::GetCursorPosX();
  quiet_text(label);
  ImGui::SameLine();
  ImGui::SetCursorPosX(start + ui.px(128));
  ImGui::PushTextWrapPos(0);
  ImGui::TextUnformatted(value.c_str());
  ImGui::PopTextWrapPos();
}

void draw_facts(Studio& studio, const TrainingRun& run) {
  Ui& ui = studio.ui;
  const RecipeInfo* recipe = find_recipe(studio.mirror.catalog(), studio.mirror.training.request().recipe);
  if (recipe) fact(ui, "Recipe", recipe->label);
  fact(ui, "Sprites from", std::filesystem::path(run.data).filename().string());
  ui.tooltips.show(run.data);
  if (!run.plan) return;
  const TrainPlan& plan = *run.plan;
  if (plan.sprites > 0)
    fact(ui, "Trained on", count_text(plan.sprites) + (plan.validation > 0 ? ", measured on " + count_text(plan.validation) : ""));
  if (!plan.classes.empty()) fact(ui, "Classes", std::to_string(plan.classes.size()));
  if (plan.parameters > 0) fact(ui, "Parameters", count_text(plan.parameters));
}

// A number that is sent when its field is left, not at each key.
void live_number(Studio& studio, const char* name, const char* label, const std::string& id, std::int64_t now, std::int64_t& typed,
                 std::int64_t min, std::int64_t max, const std::string& help) {
  std::int64_t value = typed >= 0 ? typed : now;
  if (number_row(studio.ui, name, label, value, min, max, help)) typed = value;
  if (!ImGui::IsItemDeactivated()) return;
  if (typed >= 0 && typed != now) studio.mirror.training.change({{id, typed}});
  typed = -1;
}

void draw_changes(Studio& studio, const TrainingRun& run) {
  TrainView& view = studio.view.train;
  TrainingMirror& training = studio.mirror.training;
  const std::int64_t next = training.job()->step + 1;
  live_number(studio, "train.steps", "Steps", "steps", run.total, view.live_steps,
              std::min(next, std::max<std::int64_t>(run.total, 1)), 10'000'000,
              "When the run ends; a larger number makes it go on");
  if (run.recipe.contains("learning_rate")) {
    const double now = get_real(run.recipe, "learning_rate");
    double value = view.live_rate >= 0 ? view.live_rate : now;
    if (number_row(studio.ui, "train.learning_rate", "Learning rate", value, 1e-7, 0.1,
                   "At its highest; lower it when the loss jumps about")) {
      view.live_rate = value;
    }
    if (ImGui::IsItemDeactivated()) {
      if (view.live_rate >= 0 && view.live_rate != now) training.change({{"learning_rate", view.live_rate}});
      view.live_rate = -1;
    }
  }
  if (run.recipe.contains("sample_every")) {
    live_number(studio, "train.sample_every", "Samples every", "sample_every", get_int(run.recipe, "sample_every"),
                view.live_sample_every, 0, 1'000'000, "Steps between two rows of samples; 0 for none");
  }
}

}  // namespace

void draw_train_live_panel(Studio& studio, Rect rect) {
  Ui& ui = studio.ui;
  begin_panel("train.live", rect);
  const TrainingRun& run = *studio.mirror.training.run();
  ImGui::TextUnformatted(("Training “" + run.name + "”").c_str());
  ImGui::Dummy({0, ui.px(2)});
  draw_facts(studio, run);
  if (run.plan) {
    ImGui::Dummy({0, ui.px(2)});
    ImGui::Separator();
    ImGui::Dummy({0, ui.px(2)});
    draw_changes(studio, run);
  }
  end_panel();
}

}  // namespace kiln
