#include "app/panels/evaluation_dialog.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "app/panels/train_actions.h"
#include "app/widgets/fields.h"
#include "app/widgets/modal.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

constexpr const char* kTitle = "###evaluation_dialog";
constexpr float kWidth = 980, kHeight = 620, kNumbersWidth = 400, kBetween = 26;
constexpr int kMostDraws = 5;
constexpr std::size_t kMostSuspects = 24;

std::string why_not_evaluate(const Studio& studio) {
  if (studio.mirror.engine() != EngineState::kReady) return "The engine is not running";
  if (studio.mirror.training.active()) return "A run is under way: it needs the machine";
  return studio.mirror.evaluation.running() ? "Another one is being evaluated" : "";
}

void draw_controls(Studio& studio, const TrainingRun& run) {
  Ui& ui = studio.ui;
  EvaluationMirror& evaluation = studio.mirror.evaluation;
  const ImVec2 size{ui.px(130), ui.px(34)};
  if (evaluation.running() && evaluation.run() == run.path) {
    ImGui::ProgressBar(evaluation.part(), {ui.px(kNumbersWidth) - size.x - ImGui::GetStyle().ItemSpacing.x, size.y}, "");
    ui.map.note("evaluation.progress", ParamValue(static_cast<double>(evaluation.part())));
    ImGui::SameLine();
    if (action_button(ui, "evaluation.stop", "Stop", size, {}, "What was found so far is dropped")) evaluation.stop();
    return;
  }
  int draws = static_cast<int>(studio.view.train.evaluation_draws);
  slider_row(ui, "evaluation.draws", "Draws", draws, 1, kMostDraws, 1,
             "How often all of it is done: more take as many times longer, and tell how far the numbers spread (±)");
  studio.view.train.evaluation_draws = draws;
  if (main_button(ui, "evaluation.run", "Evaluate", size, why_not_evaluate(studio),
                  "Makes half as many sprites as it was trained on, at the model's own settings. A minute or several"))
    evaluation.start(run.path, run.model, draws, (home_folder() / "cache").string());
}

void draw_measures(Studio& studio, const EvaluationOverview& overview) {
  Ui& ui = studio.ui;
  constexpr ImGuiTableFlags kFlags = ImGuiTableFlags_SizingFixedFit | ImGuiTableFlags_RowBg;
  if (!ImGui::BeginTable("measures", 3, kFlags, {ui.px(kNumbersWidth), 0})) return;
  ImGui::TableSetupColumn("", ImGuiTableColumnFlags_WidthFixed, ui.px(190));
  ImGui::TableSetupColumn("Model", ImGuiTableColumnFlags_WidthFixed, ui.px(96));
  ImGui::TableSetupColumn("Drawn", ImGuiTableColumnFlags_WidthFixed, ui.px(96));
  ImGui::TableHeadersRow();
  for (std::size_t i = 0; i < overview.measures.size(); ++i) {
    const EvaluatedMeasure& measure = overview.measures[i];
    ImGui::TableNextRow();
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(measure.label.c_str());
    ui.tooltips.show(measure.help);
    ImGui::TableNextColumn();
    ImGui::TextUnformatted(measure.generated.c_str());
    ui.map.note("evaluation.measure." + std::to_string(i), ParamValue(measure.label + " " + measure.generated));
    ImGui::TableNextColumn();
    ImGui::PushStyleColor(ImGuiCol_Text, colour::quiet());
    ImGui::TextUnformatted(measure.drawn.c_str());
    ImGui::PopStyleColor();
  }
  ImGui::EndTable();
}

// Sprites in rows as wide as the window, the texture's layers from `first` on; as many as belong `together` end in the same row.
std::vector<SpriteQuad> place_sprites(const Ui& ui, std::size_t first, std::size_t count, float side, float height,
                                      std::size_t together = 1) {
  const float gap = ui.px(4), width = ImGui::GetContentRegionAvail().x - ui.px(8);
  const auto fit = static_cast<std::size_t>((width + gap) / (side + gap));
  const std::size_t columns = std::max(together, fit - fit % together);
  const ImVec2 at = ImGui::GetCursorScreenPos();
  std::vector<SpriteQuad> quads;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t column = i % columns, row = i / columns;
    quads.push_back({std::floor(at.x + static_cast<float>(column) * (side + gap)),
                     std::floor(at.y + static_cast<float>(row) * (height + gap)), side, height, static_cast<float>(first + i)});
  }
  const std::size_t rows = (count + columns - 1) / columns;
  ImGui::Dummy({width, static_cast<float>(rows) * (height + gap)});
  return quads;
}

SpriteLook look_of(const Image& image, float zoom) {
  return {.width = static_cast<float>(image.width), .height = static_cast<float>(image.height), .check_shift = 2, .zoom = zoom};
}

// The pictures as lists, made when the evaluation is another one.
void keep_pictures(Studio& studio, const EvaluationOverview& overview) {
  TrainView& view = studio.view.train;
  if (view.evaluation_version == studio.mirror.evaluation.version()) return;
  view.evaluation_version = studio.mirror.evaluation.version();
  view.evaluated_sprites.clear();
  view.evaluated_suspects.clear();
  for (const EvaluatedClass& each : overview.classes)
    view.evaluated_sprites.insert(view.evaluated_sprites.end(), each.sprites.begin(), each.sprites.end());
  for (std::size_t i = 0; i < std::min(kMostSuspects, overview.suspects.size()); ++i) {
    view.evaluated_suspects.push_back(overview.suspects[i].sprite);
    view.evaluated_suspects.push_back(overview.suspects[i].training);
  }
}

void draw_classes(Studio& studio, const EvaluationOverview& overview) {
  Ui& ui = studio.ui;
  const std::vector<Image>& images = studio.view.train.evaluated_sprites;
  if (images.empty()) return;
  const Image& image = images.front();
  const float zoom = std::max(1.0f, std::floor(ui.px(40) / static_cast<float>(image.width)));
  std::vector<SpriteQuad> quads;
  std::size_t first = 0;
  for (const EvaluatedClass& each : overview.classes) {
    small_text(ui, display_name(each.name) + (each.accuracy.empty() ? "" : "  ·  recognised " + each.accuracy), colour::quiet());
    const auto placed = place_sprites(ui, first, each.sprites.size(), zoom * static_cast<float>(image.width),
                                      zoom * static_cast<float>(image.height));
    quads.insert(quads.end(), placed.begin(), placed.end());
    first += each.sprites.size();
  }
  ui.sprites.show(ui.sprites.pictures("evaluation.classes", studio.view.train.evaluation_version, images), std::move(quads),
                  look_of(image, zoom));
}

void draw_suspects(Studio& studio, const EvaluationOverview& overview) {
  Ui& ui = studio.ui;
  const std::vector<Image>& images = studio.view.train.evaluated_suspects;
  if (images.empty()) return quiet_text("No sprite is suspected of being a copy.");
  ImGui::TextUnformatted("Suspected copies, each left of the drawn sprite that it is like");
  const Image& image = images.front();
  const float zoom = std::max(1.0f, std::floor(ui.px(40) / static_cast<float>(image.width)));
  auto quads =
      place_sprites(ui, 0, images.size(), zoom * static_cast<float>(image.width), zoom * static_cast<float>(image.height), 2);
  const ImVec2 below = ImGui::GetCursorScreenPos();
  for (std::size_t i = 0; i < quads.size(); ++i) {
    const EvaluatedSuspect& suspect = overview.suspects[i / 2];
    ImGui::SetCursorScreenPos({quads[i].x, quads[i].y});
    ImGui::InvisibleButton(("suspect " + std::to_string(i)).c_str(), {quads[i].width, quads[i].height});
    ui.tooltips.show(display_name(suspect.class_name) + ", like " + suspect.file + "\n" +
                     std::to_string(std::lround(suspect.differing * 100)) + " % of its pixels differ");
  }
  ImGui::SetCursorScreenPos(below);
  if (overview.suspects.size() > images.size() / 2)
    quiet_text("and " + std::to_string(overview.suspects.size() - images.size() / 2) + " more");
  ui.sprites.show(ui.sprites.pictures("evaluation.suspects", studio.view.train.evaluation_version, images), std::move(quads),
                  look_of(image, zoom));
}

void draw_numbers(Studio& studio, const TrainingRun& run) {
  Ui& ui = studio.ui;
  const EvaluationMirror& evaluation = studio.mirror.evaluation;
  ImGui::TextUnformatted(("How good is “" + run.name + "”?").c_str());
  ImGui::PushTextWrapPos(ui.px(kNumbersWidth));
  quiet_text(
      "New sprites beside those that it was trained on. The right column is what drawn sprites get in the same place: near to "
      "that is good.");
  ImGui::PopTextWrapPos();
  ImGui::Dummy({0, ui.px(4)});
  draw_controls(studio, run);
  ImGui::Dummy({0, ui.px(6)});
  if (evaluation.run() != run.path) return;
  if (evaluation.problem()) {
    ImGui::PushTextWrapPos(ui.px(kNumbersWidth));
    ImGui::PushStyleColor(ImGuiCol_Text, colour::error());
    ImGui::TextUnformatted((evaluation.problem()->message + "\n" + evaluation.problem()->hint).c_str());
    ImGui::PopStyleColor();
    ImGui::PopTextWrapPos();
    ui.map.note("evaluation.problem", ParamValue(evaluation.problem()->message));
  }
  if (evaluation.result()) draw_measures(studio, *evaluation.result());
}

void draw_content(Studio& studio, const TrainingRun& run, ImVec2 size) {
  Ui& ui = studio.ui;
  const EvaluationMirror& evaluation = studio.mirror.evaluation;
  const float foot = ui.px(44);
  ImGui::BeginChild("numbers", {ui.px(kNumbersWidth), size.y - foot});
  draw_numbers(studio, run);
  ImGui::EndChild();
  ImGui::SameLine(0, ui.px(kBetween));
  ImGui::BeginChild("pictures", {size.x - ui.px(kNumbersWidth + kBetween), size.y - foot});
  if (evaluation.result() && evaluation.run() == run.path) {
    keep_pictures(studio, *evaluation.result());
    draw_classes(studio, *evaluation.result());
    ImGui::Dummy({0, ui.px(6)});
    draw_suspects(studio, *evaluation.result());
  } else {
    quiet_text("Its sprites come here, class by class, and those that may be copies.");
  }
  ImGui::EndChild();
  if (action_button(ui, "evaluation.close", "Close", {ui.px(130), ui.px(34)}, {}, "An evaluation that is under way goes on (Esc)"))
    studio.view.train.evaluation_open = false;
  if (evaluation.result() && evaluation.run() == run.path) {
    const EvaluationOverview& found = *evaluation.result();
    ImGui::SameLine(0, ui.px(16));
    ImGui::SetCursorPosY(ImGui::GetCursorPosY() + std::floor((ui.px(34) - ImGui::GetTextLineHeight()) / 2));
    quiet_text(std::to_string(found.count) + (found.draws == 1 ? " sprites" : " sprites a draw") +
               ". Kept as evaluation.png in the run's folder");
  }
}

}  // namespace

void draw_evaluation_dialog(Studio& studio) {
  bool& open = studio.view.train.evaluation_open;
  const TrainingRun* run = studio.mirror.training.shown();
  if (!run) open = false;
  if (!open && !ImGui::IsPopupOpen(kTitle)) return;
  if (open && !ImGui::IsPopupOpen(kTitle)) ImGui::OpenPopup(kTitle);
  const Ui& ui = studio.ui;
  const ImVec2 display = ImGui::GetIO().DisplaySize, padding{ui.px(22), ui.px(18)};
  ImGui::PushStyleVar(ImGuiStyleVar_WindowPadding, padding);
  ImGui::SetNextWindowPos({display.x / 2, display.y / 2}, ImGuiCond_Always, {0.5f, 0.5f});
  const ImVec2 size{std::min(ui.px(kWidth), display.x - ui.px(40)), std::min(ui.px(kHeight), display.y - ui.px(40))};
  ImGui::SetNextWindowSize(size, ImGuiCond_Always);
  constexpr int kFlags = ImGuiWindowFlags_NoTitleBar | ImGuiWindowFlags_NoResize | ImGuiWindowFlags_NoScrollbar |
                         ImGuiWindowFlags_NoScrollWithMouse | ImGuiWindowFlags_NoSavedSettings | ImGuiWindowFlags_NoMove;
  if (begin_modal(kTitle, kFlags)) {
    if (run) draw_content(studio, *run, {size.x - 2 * padding.x, size.y - 2 * padding.y});
    if (ImGui::IsKeyPressed(ImGui::GetKeyIndex(ImGuiKey_Escape))) open = false;
    if (!open) ImGui::CloseCurrentPopup();
    ImGui::EndPopup();
  }
  ImGui::PopStyleVar();
}

}  // namespace kiln
