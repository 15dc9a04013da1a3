#include "app/panels/train_setup_panel.h"

#include <imgui_stdlib.h>

#include <cmath>
#include <filesystem>

#include "app/panels/actions.h"
#include "app/panels/frame.h"
#include "app/panels/header.h"
#include "app/panels/model_picker.h"
#include "app/panels/notice_bar.h"
#include "app/panels/train_actions.h"
#include "app/panels/train_recipe_panel.h"
#include "app/state/plot_scale.h"
#include "app/widgets/fields.h"
#include "app/widgets/replace_question.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

void draw_data(Studio& studio) {
  Ui& ui = studio.ui;
  TrainView& view = studio.view.train;
  const TrainData data = data_to_train_on(studio);
  field_label(ui, "Sprites", "What is open in the Data tab, or the path of a folder of class folders, a sheet or an array");
  const float button = ui.px(58), gap = ImGui::GetStyle().ItemInnerSpacing.x;
  ImGui::SetNextItemWidth(ImGui::GetContentRegionAvail().x - button - gap);
  const std::string hint = data.from_data_tab ? std::filesystem::path(data.source.path).filename().string() : "type a path";
  ImGui::InputTextWithHint("##train.data", hint.c_str(), &view.data);
  ui.map.note("train.data", ParamValue(data.source.path));
  ui.tooltips.show(data.source.path);
  ImGui::SameLine(0, gap);
  if (action_button(ui, "train.to_data", "Data…", {button, 0}, {},
                    "To the Data tab: look at sprites, and fix what needs it, before training on them")) {
    studio.view.tab = Tab::kData;
  }
}

void draw_recipe(Studio& studio) {
  Ui& ui = studio.ui;
  TrainSettings& settings = studio.settings.train;
  const Catalog& catalog = studio.mirror.catalog();
  const RecipeInfo* recipe = find_recipe(catalog, settings.recipe);
  field_label(ui, "Recipe", "How the model is built and taught");
  if (begin_combo(ui, "train.recipe", recipe ? recipe->label : settings.recipe, settings.recipe)) {
    for (const RecipeInfo& each : catalog.recipes) {
      if (ImGui::Selectable(each.label.c_str(), each.id == settings.recipe)) settings.recipe = each.id;
      ui.map.note("train.recipe." + each.id);
      ui.tooltips.show(each.help);
    }
    ImGui::EndCombo();
  }
  recipe = find_recipe(catalog, settings.recipe);
  if (recipe) small_text(ui, recipe->help, colour::quiet());
}

void draw_init(Studio& studio) {
  Ui& ui = studio.ui;
  TrainSettings& settings = studio.settings.train;
  if (settings.init.empty() && studio.mirror.model()) settings.init = studio.mirror.model()->path;
  field_label(ui, "Start from", "The model to go on with; classes that it knows by name keep what it learned of them");
  const std::string shown = settings.init.empty() ? "choose a model" : std::filesystem::path(settings.init).stem().string();
  if (const auto chosen = model_picker(studio, "train.init", shown, settings.init, false)) settings.init = *chosen;
}

struct NetworkSize {
  const char* id;
  const char* label;
  std::int64_t channels;
};
constexpr NetworkSize kSizes[] = {{"small", "Small", 32}, {"medium", "Medium", 64}, {"large", "Large", 96}};

std::string size_label(std::int64_t channels) {
  for (const NetworkSize& size : kSizes) {
    if (size.channels == channels) return std::string(size.label) + "  ·  " + std::to_string(channels) + " channels";
  }
  return std::to_string(channels) + " channels";
}

void draw_size(Studio& studio) {
  Ui& ui = studio.ui;
  TrainSettings& settings = studio.settings.train;
  const ParamMap recipe = whole_recipe(settings, studio.mirror.catalog());
  const auto network = recipe.find("network");
  const ParamSpec* spec = network == recipe.end() ? nullptr : size_of_network(studio.mirror.catalog(), to_string(network->second));
  if (!spec) return;
  const std::int64_t channels = get_int(recipe, spec->id);
  field_label(ui, "Size", "A larger network draws better and learns more slowly");
  if (!begin_combo(ui, "train.size", size_label(channels), std::to_string(channels))) return;
  for (const NetworkSize& size : kSizes) {
    if (ImGui::Selectable(size_label(size.channels).c_str(), size.channels == channels)) {
      set_value(settings, studio.mirror.catalog(), spec->id, size.channels);
    }
    ui.map.note(std::string("train.size.") + size.id);
  }
  ImGui::EndCombo();
}

void draw_basic(Studio& studio) {
  TrainSettings& settings = studio.settings.train;
  const Catalog& catalog = studio.mirror.catalog();
  ParamMap values = whole_recipe(settings, catalog);
  for (const ParamSpec& spec : catalog.recipe) {
    if (spec.basic && param_row(studio.ui, "train.", spec, values)) set_value(settings, catalog, spec.id, values.at(spec.id));
  }
}

void draw_name(Studio& studio) {
  Ui& ui = studio.ui;
  TrainView& view = studio.view.train;
  field_label(ui, "Name", "Of the run, and of the model that comes out of it");
  if (ImGui::InputText("##train.name", &view.name)) view.named_after.clear();
  ui.map.note("train.name", ParamValue(view.name));
  ui.tooltips.show(view.name.empty() ? std::string() : run_files(home_folder(), view.name).model.string());
}

constexpr float kFactWidth = 128;

std::string of_sprites(const TrainPlan& plan) {
  std::string text = count_text(plan.sprites) + ", " + std::to_string(plan.width) + "×" + std::to_string(plan.height);
  text += ", " + std::to_string(plan.classes.size()) + (plan.classes.size() == 1 ? " class" : " classes");
  if (plan.validation > 0) text += "\n" + count_text(plan.validation) + " more to measure on";
  return text;
}

// What the run would be; greyed while it is being found out anew.
void draw_plan(Studio& studio) {
  Ui& ui = studio.ui;
  const TrainView& view = studio.view.train;
  const TrainingMirror& training = studio.mirror.training;
  const bool fresh = view.plan_wanted == view.plan_asked && !training.planning();
  if (!view.plan_wanted) return;
  ImGui::Dummy({0, ui.px(3)});
  ImGui::Separator();
  ImGui::Dummy({0, ui.px(3)});
  if (fresh && training.plan_error()) {
    ImGui::PushStyleColor(ImGuiCol_Text, colour::error());
    ImGui::TextWrapped("%s", sentence(training.plan_error()->message).c_str());
    ImGui::PopStyleColor();
    small_text(ui, sentence(training.plan_error()->hint), colour::quiet());
    if (action_button(ui, "train.replan", "Look again", {0, 0}, {}, "After fixing it")) studio.view.train.plan_asked.reset();
    return;
  }
  const auto& plan = training.planned();
  const ImVec4 ink = fresh ? colour::text() : colour::quiet();
  if (plan) {
    const double left_s = planned_time_s(*plan, get_int(whole_recipe(studio.settings.train, studio.mirror.catalog()), "steps"));
    fact_row(ui, "Sprites", of_sprites(*plan), kFactWidth, ink);
    if (fresh) ui.map.note("train.plan", ParamValue(plan->parameters));
    fact_row(ui, "Parameters", count_text(plan->parameters), kFactWidth, ink);
    if (plan->images_per_s > 0) fact_row(ui, "Speed here", number_text(plan->images_per_s) + " images/s", kFactWidth, ink);
    if (left_s >= 0) fact_row(ui, "Time to finish", "about " + rough_duration(left_s), kFactWidth, ink);
  }
  if (!fresh) small_text(ui, "Reading the sprites and measuring the speed of this machine…", colour::quiet());
}

}  // namespace

void draw_train_setup_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("train.setup", rect);
  if (studio.mirror.engine() != EngineState::kReady) {
    quiet_text(studio.mirror.engine() == EngineState::kFailed ? "The engine could not be started." : "Starting the engine…");
    end_panel();
    return;
  }
  draw_data(studio);
  draw_recipe(studio);
  const RecipeInfo* recipe = find_recipe(studio.mirror.catalog(), studio.settings.train.recipe);
  if (recipe && recipe->needs_init) {
    draw_init(studio);
  } else {
    draw_size(studio);
  }
  draw_basic(studio);
  draw_name(studio);
  fold(ui, "train.more", "More", studio.view.train.more_open);
  if (studio.view.train.more_open) draw_recipe_groups(studio);
  draw_plan(studio);
  end_panel();
}

void draw_train_start_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("train.foot", rect);
  const std::string why_not = why_not_start(studio);
  if (main_button(ui, "train.start", "Start training", {-FLT_MIN, ui.px(44)}, why_not)) start_training(studio);
  if (!why_not.empty())
    small_text(ui, why_not, colour::quiet());
  else if (replaces_run(studio))
    small_text(ui, "There is a run of that name already", colour::quiet());
  TrainView& view = studio.view.train;
  const std::string what = "There is a run “" + view.name + "” already";
  if (replace_question(ui, "train", what, {"Its samples, its checkpoints and its model are replaced as the new run goes on."},
                       "What it has learned is lost", view.replace_asked))
    start_training(studio, true);
  end_panel();
}

}  // namespace kiln
