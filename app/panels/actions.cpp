#include "app/panels/actions.h"

#include <algorithm>
#include <filesystem>
#include <random>
#include <system_error>

#include "app/panels/live.h"
#include "app/panels/steer_actions.h"
#include "engine/base/paths.h"

namespace kiln {

void open_tab(View& view, Tab tab) {
  view.tab = tab;
  if (tab == Tab::kTrain) view.train.runs_asked = false;  // another program may have begun one
}

std::string why_not_generate(const Mirror& mirror) {
  if (mirror.engine() == EngineState::kFailed) return "The engine could not be started";
  if (!mirror.model() && mirror.opening().empty()) return "Choose a model first";
  return mirror.queue.full() ? std::to_string(BatchQueue::kMost) + " batches wait already" : "";
}

std::string generate_waits_for(const Mirror& mirror) {
  if (mirror.engine() == EngineState::kStarting) return "The engine is starting";
  return mirror.opening().empty() ? "" : "The model is being opened";
}

void follow_generating(Studio& studio) {
  if (!studio.view.generate_waits || (why_not_generate(studio.mirror).empty() && !generate_waits_for(studio.mirror).empty()))
    return;
  studio.view.generate_waits = false;
  if (!studio.mirror.opening_problem()) start_generating(studio);
}

void start_generating(Studio& studio) {
  if (!why_not_generate(studio.mirror).empty()) return;
  if (!generate_waits_for(studio.mirror).empty()) {
    studio.view.generate_waits = true;
    return;
  }
  GenerateSettings& settings = studio.settings.generate;
  if (!settings.seed_locked) settings.shared_params["seed"] = random_seed();
  const bool began = make_batch(studio, make_request(settings, studio.mirror.catalog(), *studio.mirror.model()));
  note_whole_run(studio);
  if (began) show_new_batch(studio.view);
}

void show_new_batch(View& view) {
  if (view.edit.open) return;
  view.chosen = 0;
  view.grid.selection.reset();
}

void follow_queue(Studio& studio) {
  const Mirror& mirror = studio.mirror;
  if (!mirror.from_queue() || mirror.holding() || studio.view.queue_shown == mirror.batch().job) return;
  studio.view.queue_shown = mirror.batch().job;
  show_new_batch(studio.view);
}

void choose_model(Studio& studio, const std::string& path) {
  studio.settings.generate.model = path;
  studio.mirror.open_model(path);
}

void open_first_model(Studio& studio) {
  list_models_again(studio.view);
  const std::string& last = studio.settings.generate.model;
  std::error_code ignored;
  if (!last.empty() && std::filesystem::exists(last, ignored)) {
    choose_model(studio, last);
    return;
  }
  if (!last.empty()) {
    studio.mirror.notices.add(NoticeKind::kInfo, "the model used last is gone: " + last, "choose another one on the left");
  }
  if (!studio.view.models.empty()) choose_model(studio, studio.view.models.front().path);
}

void list_models_again(View& view) { view.models = list_models({share_folder() / "models", home_folder() / "models"}); }

std::int64_t random_seed() {
  std::random_device device;
  return std::uniform_int_distribution<std::int64_t>(1, 999'999'999)(device);
}

}  // namespace kiln
