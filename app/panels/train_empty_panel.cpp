#include "app/panels/train_empty_panel.h"

#include <cmath>

#include "app/panels/frame.h"
#include "app/panels/header.h"
#include "app/panels/train_actions.h"
#include "app/state/plot_scale.h"
#include "app/widgets/fields.h"

namespace kiln {
namespace {

void draw_offer(Studio& studio, Area rect, float y, const RunInfo& run) {
  Ui& ui = studio.ui;
  centred_text(rect, y, "“" + run.name + "” was in training when the window was closed", colour::text());
  centred_text(rect, y + ui.px(26), "It stopped at step " + count_text(run.step) + " of " + count_text(run.total), colour::quiet());
  const float width = ui.px(140), gap = ui.px(8);
  ImGui::SetCursorScreenPos({std::floor(rect.x + rect.width / 2 - width - gap / 2), y + ui.px(58)});
  const RunInfo chosen = run;
  if (main_button(ui, "train.offer.go_on", "Go on training", {width, ui.px(34)}, why_not_go_on(studio))) {
    go_on_training(studio, chosen.path, chosen.model, 0);
  }
  ImGui::SameLine(0, gap);
  if (action_button(ui, "train.offer.dismiss", "Not now", {width, ui.px(34)}, {}, "It stays in the list of runs")) {
    studio.view.train.offer_dismissed = true;
  }
}

}  // namespace

void draw_train_empty_panel(Studio& studio, Area rect) {
  Ui& ui = studio.ui;
  begin_panel("train.empty", rect, false);
  const float y = std::floor(rect.y + rect.height * 0.42f);
  if (const RunInfo* run = run_to_go_on(studio)) {
    draw_offer(studio, rect, y - ui.px(30), *run);
  } else if (studio.mirror.engine() == EngineState::kFailed) {
    centred_text(rect, y, "The engine could not be started", colour::text());
  } else if (data_to_train_on(studio).source.path.empty()) {
    centred_text(rect, y, "Train a model on your own sprites", colour::text());
    centred_text(rect, y + ui.px(26), "Open a folder of them in the Data tab, or let the program draw a set to begin with",
                 colour::quiet());
    const ImVec2 size{ui.px(180), ui.px(34)};
    ImGui::SetCursorScreenPos({std::floor(rect.x + (rect.width - size.x) / 2), y + ui.px(58)});
    if (main_button(ui, "train.choose_data", "Choose sprites", size, {})) studio.view.tab = Tab::kData;
  } else {
    centred_text(rect, y, "Press Start training", colour::text());
    centred_text(rect, y + ui.px(26), "The losses and what the model draws appear here while it learns", colour::quiet());
  }
  end_panel();
}

}  // namespace kiln
