#include "app/panels/train_recipe_panel.h"

#include "app/widgets/fields.h"

namespace kiln {

void draw_recipe_groups(Studio& studio) {
  Ui& ui = studio.ui;
  TrainSettings& settings = studio.settings.train;
  const Catalog& catalog = studio.mirror.catalog();
  ParamMap values = whole_recipe(settings, catalog);
  const RecipeInfo* recipe = find_recipe(catalog, settings.recipe);
  const bool init = recipe && recipe->needs_init;
  const auto network = values.find("network");
  for (const RecipeGroup& group : recipe_groups(catalog, network == values.end() ? "" : to_string(network->second), init)) {
    ImGui::Dummy({0, ui.px(3)});
    ImGui::TextUnformatted(group.heading.c_str());
    for (const ParamSpec* spec : group.specs) {
      if (param_row(ui, "train.more.", *spec, values)) set_value(settings, catalog, spec->id, values.at(spec->id));
    }
  }
  if (init) small_text(ui, "The network and its noise are those of the model to start from.", colour::quiet());
  const bool changed = settings.overrides.contains(settings.recipe);
  if (action_button(ui, "train.more.reset", "Back to the recipe", {0, 0}, changed ? "" : "Nothing was changed",
                    "Takes all changes back")) {
    settings.overrides.erase(settings.recipe);
  }
  ImGui::Dummy({0, ui.px(4)});
}

}  // namespace kiln
