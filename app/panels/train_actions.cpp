#include "app/panels/train_actions.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "app/panels/actions.h"
#include "app/panels/notice_bar.h"
#include "app/state/settings.h"
#include "engine/base/paths.h"

namespace kiln {
namespace {

constexpr double kPlanAfter_s = 0.6;

void wake_at(View& view, double when_s) { view.wake_s = view.wake_s < 0 ? when_s : std::min(view.wake_s, when_s); }

void start(Studio& studio, TrainRequest request) {
  request.cache = (home_folder() / "cache").string();
  studio.mirror.training.start(request);
  studio.view.train.strip_step = -1;
}

TrainRequest request_for(const Studio& studio) {
  const TrainData data = data_to_train_on(studio);
  return make_train_request(studio.settings.train, studio.mirror.catalog(), home_folder(), studio.view.train.name, data.source,
                            data.preprocessing);
}

// Why no plan can be made yet either, or "".
std::string why_not_plan(const Studio& studio) {
  const Mirror& mirror = studio.mirror;
  if (mirror.engine() == EngineState::kFailed) return "The engine could not be started";
  if (mirror.engine() == EngineState::kStarting) return "The engine is starting";
  if (mirror.training.active()) return "A run is under way";
  const TrainData data = data_to_train_on(studio);
  if (data.source.path.empty())
    return mirror.dataset.busy() ? "The sprites are being read in the Data tab" : "Choose sprites to train on first";
  if (data.from_data_tab && !mirror.dataset.ready()) return mirror.dataset.why_not_ready();
  const RecipeInfo* recipe = find_recipe(mirror.catalog(), studio.settings.train.recipe);
  if (recipe && recipe->needs_init && studio.settings.train.init.empty()) return "Choose a model to start from first";
  return {};
}

// Why a run cannot have the name that is typed, or "".
const std::string& why_not_name(Studio& studio) {
  return studio.view.train.why_not_name.get(studio.view.train.name, studio.view.disk_changes,
                                            [](const std::string& name) { return why_not_run_name(home_folder(), name); });
}

// A new name whenever other data is chosen or the old one is taken, until the artist types one.
void keep_name_fresh(Studio& studio) {
  TrainView& view = studio.view.train;
  const std::string path = data_to_train_on(studio).source.path;
  const bool typed = view.named_after.empty() && !view.name.empty();
  if (path.empty() || typed || studio.mirror.training.active()) return;
  if (view.named_after == path && why_not_name(studio).empty()) return;
  view.name = free_run_name(home_folder(), path);
  view.named_after = path;
}

// Brings what the plan depends on up to date.
void note_wanted_plan(Studio& studio) {
  TrainView& view = studio.view.train;
  const TrainSettings& settings = studio.settings.train;
  const std::uint64_t version = studio.mirror.dataset.version();
  const bool same = settings == view.plan_settings && view.name == view.plan_name && view.data == view.plan_data;
  if (same && version == view.plan_version && view.plan_wanted) return;
  view.plan_settings = settings;
  view.plan_name = view.name;
  view.plan_data = view.data;
  view.plan_version = version;
  TrainRequest wanted = plan_request(request_for(studio), studio.mirror.catalog());
  if (wanted == view.plan_wanted) return;
  view.plan_wanted = std::move(wanted);
  view.plan_due_s = studio.view.now_s + kPlanAfter_s;
}

}  // namespace

TrainData data_to_train_on(const Studio& studio) {
  TrainData data;
  data.source.path = typed_path(studio.view.train.data).string();
  const DatasetMirror& open = studio.mirror.dataset;
  if (!data.source.path.empty() || !open.report()) return data;
  return {open.source(), open.preprocessing(), true};
}

std::string why_not_start(Studio& studio) {
  if (std::string why = why_not_plan(studio); !why.empty()) return why;
  const TrainingMirror& training = studio.mirror.training;
  if (training.plan_error() && studio.view.train.plan_wanted == studio.view.train.plan_asked)
    return sentence(training.plan_error()->message);
  return replaces_run(studio) ? "" : why_not_name(studio);
}

bool replaces_run(Studio& studio) {
  TrainView& view = studio.view.train;
  return view.replaces.get(view.name, studio.view.disk_changes,
                           [](const std::string& name) { return is_run_there(home_folder(), name); });
}

void start_training(Studio& studio, bool replace) {
  if (!why_not_start(studio).empty()) return;
  TrainView& view = studio.view.train;
  if (!replace && replaces_run(studio)) {
    view.replace_asked = true;
    return;
  }
  start(studio, request_for(studio));
  view.plan_asked.reset();
  view.name.clear();
  view.named_after.clear();
  view.offer_dismissed = true;
}

std::string why_not_go_on(const Studio& studio) {
  if (studio.mirror.engine() != EngineState::kReady) return "The engine is not running";
  return studio.mirror.training.active() ? "Another run is under way" : "";
}

void go_on_training(Studio& studio, const std::string& run, const std::string& model, std::int64_t steps) {
  if (!why_not_go_on(studio).empty()) return;
  start(studio, resume_request(run, model, steps));
  studio.view.train.offer_dismissed = true;
}

std::string why_not_make_live(Studio& studio, const TrainingRun& run) {
  if (const auto distill = run.recipe.find("distill"); distill != run.recipe.end() && std::get<bool>(distill->second))
    return "It draws in few steps already";
  const std::string& taken = studio.view.train.why_not_live.get(run.model, studio.view.disk_changes, [](const std::string& model) {
    return why_not_run_name(home_folder(), live_model_of(model).stem().string());
  });
  return taken.empty() ? why_not_go_on(studio) : taken;
}

void make_live(Studio& studio, const TrainingRun& run) {
  if (!why_not_make_live(studio, run).empty()) return;
  TrainRequest request;
  request.data_of = run.path;
  request.init = run.model;
  request.recipe = "distill";
  request.out = live_model_of(run.model).string();
  request.run = run_files(home_folder(), live_model_of(run.model).stem().string()).run.string();
  start(studio, std::move(request));
  studio.view.train.offer_dismissed = true;
}

void use_now(Studio& studio) {
  studio.mirror.use_training_model();
  studio.view.train.use_asked = true;
}

void keep_plan_fresh(Studio& studio) {
  TrainView& view = studio.view.train;
  TrainingMirror& training = studio.mirror.training;
  keep_name_fresh(studio);
  if (!why_not_plan(studio).empty()) {
    if (!training.active()) training.forget_plan();
    view.plan_wanted.reset();
    view.plan_asked.reset();
    view.plan_due_s = -1;
    return;
  }
  note_wanted_plan(studio);
  if (view.plan_wanted == view.plan_asked) return;
  if (studio.view.now_s < view.plan_due_s) {
    wake_at(studio.view, view.plan_due_s);
    return;
  }
  view.plan_asked = view.plan_wanted;
  training.plan(request_for(studio));
}

void follow_training(Studio& studio) {
  TrainView& view = studio.view.train;
  TrainingMirror& training = studio.mirror.training;
  std::string& unfinished = studio.settings.train.unfinished;
  if (!view.runs_asked && studio.mirror.engine() == EngineState::kReady) {
    const std::filesystem::path runs = home_folder() / "runs";
    std::error_code ignored;
    std::filesystem::create_directories(runs, ignored);
    training.list_runs(runs.string());
    view.runs_asked = true;
  }
  if (view.use_asked && studio.mirror.opening().empty()) {
    view.use_asked = false;
    if (studio.mirror.model()) studio.settings.generate.model = studio.mirror.model()->path;
  }
  const TrainingRun* run = training.run();
  if (!run) return;
  if (training.active()) {
    if (run->plan) unfinished = run->path;
  } else if (unfinished == run->path && training.ended_by() != CancelMode::kSuspend) {
    unfinished.clear();
  }
  if (!training.active()) view.discard_asked = false;
}

const RunInfo* run_to_go_on(const Studio& studio) {
  const TrainingMirror& training = studio.mirror.training;
  if (training.active() || studio.view.train.offer_dismissed) return nullptr;
  const auto& runs = training.runs();
  const auto found = std::find_if(runs.begin(), runs.end(), [&](const RunInfo& run) {
    return run.path == studio.settings.train.unfinished && run.state == RunState::kStopped && run.step < run.total;
  });
  return found == runs.end() ? nullptr : &*found;
}

void open_run(Studio& studio, const std::string& path) {
  studio.mirror.training.open_run(path);
  studio.view.train.strip_step = -1;
}

}  // namespace kiln
