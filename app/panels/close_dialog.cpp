#include "app/panels/close_dialog.h"

#include "app/state/plot_scale.h"
#include "app/widgets/fields.h"
#include "app/widgets/modal.h"

namespace kiln {
namespace {

constexpr const char* kTitle = "Close while training?";

void stop(Studio& studio, CancelMode mode) {
  studio.mirror.training.stop(mode);
  studio.view.closing = Closing::kWaiting;
}

void draw_question(Studio& studio) {
  Ui& ui = studio.ui;
  const TrainingRun& run = *studio.mirror.training.run();
  ImGui::TextUnformatted(("“" + run.name + "” is in training").c_str());
  quiet_text("Step " + count_text(run.step) + " of " + count_text(run.total));
  ImGui::Dummy({0, ui.px(8)});
  const ImVec2 size{ui.px(330), ui.px(34)};
  if (main_button(ui, "close.suspend", "Close, and go on next time", size, {},
                  "Nothing is lost; the Train tab offers to go on where it stopped")) {
    stop(studio, CancelMode::kSuspend);
  }
  if (action_button(ui, "close.keep", "End the run here, keep its model, and close", size, {}, "Writes the model as it is now")) {
    stop(studio, CancelMode::kKeep);
  }
  if (action_button(ui, "close.cancel", "Keep the window open", size, {}, "Training goes on (Esc)"))
    studio.view.closing = Closing::kNo;
}

}  // namespace

bool draw_close_dialog(Studio& studio) {
  View& view = studio.view;
  if (view.closing == Closing::kNo && !ImGui::IsPopupOpen(kTitle)) return false;
  const bool active = studio.mirror.training.active();
  const bool close = view.closing == Closing::kWaiting && !active;
  if (!active) view.closing = Closing::kNo;
  const Ui& ui = studio.ui;
  if (view.closing != Closing::kNo && !ImGui::IsPopupOpen(kTitle)) ImGui::OpenPopup(kTitle);
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, ImVec2(ui.px(22), ui.px(18)));
  const ImVec2 size = ImGui::GetIO().DisplaySize;
  ImGui::SetNextWindowPos({size.x / 2, size.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  if (begin_modal(kTitle, ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_AlwaysAutoResize | ImGuiWindowFlags_NoSavedSettings |
                              ImGuiWindowFlags_NoMove)) {
    if (view.closing == Closing::kAsked) {
      draw_question(studio);
    } else if (view.closing == Closing::kWaiting) {
      ImGui::TextUnformatted("Saving the run…");
      quiet_text("The window closes when it is safe on disk.");
    }
    if (view.closing == Closing::kNo) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
  return close;
}

}  // namespace kiln
