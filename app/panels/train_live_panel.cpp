#include "app/panels/train_live_panel.h"

#include <filesystem>

#include "app/panels/frame.h"
#include "app/state/plot_scale.h"
#include "app/state/train_settings.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

void fact(Ui& ui, const char* label, const std::string& value) {
  if (!value.empty()) fact_row(ui, label, value, 128);
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

// What is typed is sent when its field is left, not at each key.
void draw_changes(Studio& studio, const TrainingRun& run) {
  ParamMap& typed = studio.view.train.live;
  for (const ParamSpec& spec : studio.mirror.catalog().recipe) {
    const auto now = run.recipe.find(spec.id);
    if (!spec.live || now == run.recipe.end()) continue;
    ParamMap shown = {*(typed.contains(spec.id) ? typed.find(spec.id) : now)};
    ImGui::BeginGroup();
    if (param_row(studio.ui, "train.", spec, shown)) typed[spec.id] = shown[spec.id];
    ImGui::EndGroup();
    if (!ImGui::IsItemDeactivated()) continue;
    if (typed.contains(spec.id) && typed[spec.id] != now->second) studio.mirror.training.change({{spec.id, typed[spec.id]}});
    typed.erase(spec.id);
  }
}

}  // namespace

void draw_train_live_panel(Studio& studio, Area rect) {
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
