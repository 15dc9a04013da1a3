#include "engine/session/jobs/training_job.h"

#include <algorithm>
#include <cmath>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/log.h"
#include "engine/base/memory.h"
#include "engine/session/devices.h"
#include "engine/session/errors.h"
#include "engine/training/live_changes.h"
#include "engine/training/metrics_file.h"
#include "engine/training/recipe.h"
#include "engine/training/strip_file.h"

namespace kiln {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::seconds kLookEvery{1};
constexpr std::int64_t kAllSteps = std::numeric_limits<std::int64_t>::max();  // as the model samples by default

std::string percent(double share) { return std::to_string(std::lround(100 * share)) + " %"; }

[[noreturn]] void not_begun() {
  throw Failure(ErrorCode::kInvalidArgument, "the training has not begun yet", "wait until its first step is done");
}

}  // namespace

TrainingJob::TrainingJob(StartTraining command, Outbox& outbox, std::int64_t stop_at, std::optional<ProcessPlace> place)
    : job_(command.job),
      outbox_(outbox),
      setup_(std::make_unique<TrainingSetup>(std::move(command.request), true, stop_at, std::move(place))) {}

bool TrainingJob::step() {
  try {
    return piece();
  } catch (...) {
    rescue();
    throw;
  }
}

bool TrainingJob::piece() {
  if (!trainer_) {
    if (!setup_->step())
      begin();
    else
      outbox_.show(Progress{job_, 0, 0, 0, -1});
    return true;
  }
  if (drawer_ || strip_is_due()) {
    strip_piece();
    return true;
  }
  if (quality_ || quality_is_due()) {
    quality_piece();
    return true;
  }
  if (novelty_is_due() || (novelty_check_ && novelty_check_->under_way())) {
    novelty_piece();
    return true;
  }
  if (trainer_->next_work() == Trainer::Work::kNone) return finish_piece();
  train_piece();
  return true;
}

// What was learned since the last checkpoint outlives what went wrong. A second failure tells nothing new.
void TrainingJob::rescue() {
  if (!trainer_) return;
  try {
    trainer_->rescue();
    write_run_state(run_, RunState::kStopped, trainer_->step(), trainer_->total(), record_.out);
  } catch (...) {
    log_info("no checkpoint could be written after the failure: " + current_error().message);
  }
}

void TrainingJob::begin() {
  trainer_ = setup_->take_trainer();
  lock_ = setup_->take_lock();
  record_ = setup_->record();
  run_ = setup_->run();
  const bool resumed = setup_->resumed();
  cache_ = setup_->cache();
  setup_.reset();
  if (resumed) {
    remove_leftovers(run_);
    trim_metrics(metrics_file(run_), trainer_->step() - (trainer_->measurement_pending() ? 1 : 0));
    trim_strips(run_, trainer_->step());
    find_qualities();
  } else {
    remove_run_files(run_, false);  // its checkpoints go when the first one of this run is there
  }
  write_file(recipe_file(run_), recipe_to_json(trainer_->recipe()));
  write_file(data_file(run_), record_to_json(record_));
  write_run_state(run_, RunState::kRunning, trainer_->step(), trainer_->total(), record_.out);
  for (const auto& note : trainer_->notes()) outbox_.send(Note{job_, note, ""});
  outbox_.send(TrainingStarted{job_, plan_of(*trainer_, run_, trainer_->step(), 0)});
  clock_.step_done(trainer_->step());
  show_progress();
}

double TrainingJob::left_s() const {
  const auto left = trainer_->total() - trainer_->step();
  const auto times = [&](std::string_view key) {
    const auto every = get_int(trainer_->recipe(), key);
    return every > 0 ? left / every : 0;
  };
  return clock_.left_s(left, times("evaluate_every"), times("sample_every"), times("quality_every"));
}

void TrainingJob::show_progress() {
  outbox_.show(Progress{job_, trainer_->step(), trainer_->total(), clock_.steps_per_s(), left_s()});
}

// Between two steps, so that all processes can make them after the next one.
void TrainingJob::look_for_changes() {
  if (!trainer_->at_boundary() || Clock::now() < next_look_) return;
  next_look_ = Clock::now() + kLookEvery;
  try {
    if (const auto changes = take_requested_change(run_)) change(*changes);
  } catch (...) {
    const Error error = current_error();
    forget_taken_change(run_);
    outbox_.send(Note{job_, "the run was not changed: " + error.message, error.hint});
  }
}

void TrainingJob::train_piece() {
  look_for_changes();
  if (trainer_->next_work() == Trainer::Work::kNone) return;  // it was made as short as it is
  const auto before = trainer_->step();
  const auto work = trainer_->next_work();
  const auto start = Clock::now();
  trainer_->advance();
  clock_.worked(work, Clock::now() - start);
  if (work == Trainer::Work::kMeasuring && trainer_->next_work() != work) clock_.measured();
  if (trainer_->step() != before) {
    clock_.step_done(trainer_->step());
    show_progress();
  }
  report();
}

void TrainingJob::report() {
  bool changed = false;
  for (TrainMetrics& metrics : trainer_->take_measurements()) {
    changed = changed || !metrics.changes.empty();
    if (const double rate = images_per_s(); rate > 0) metrics.images_per_s = rate;
    if (const double left = left_s(); left >= 0) metrics.left_s = left;
    metrics.memory_mb = resident_mb();
    append_line(metrics_file(run_), metrics_to_json(metrics));
    outbox_.send(TrainingMetrics{job_, std::move(metrics)});
  }
  if (changed) tell_change();
}

void TrainingJob::tell_change() {
  write_file(recipe_file(run_), recipe_to_json(trainer_->recipe()));
  forget_taken_change(run_);
  outbox_.send(TrainingStarted{job_, plan_of(*trainer_, run_, trainer_->step(), images_per_s())});
  show_progress();
}

bool TrainingJob::strip_is_due() {
  const auto every = get_int(trainer_->recipe(), "sample_every"), step = trainer_->step();
  if (every == 0 || !trainer_->at_boundary() || step == strip_step_) return false;
  if (step % every != 0 && step < trainer_->total()) return false;
  strip_step_ = step;
  return !has_strip(run_, step);
}

void TrainingJob::begin_strip() {
  if (!nearest_) nearest_ = std::make_unique<NearestSprites>(trainer_->set(), trainer_->split().train);
  drawer_ = make_drawer(trainer_->model(), static_cast<int>(get_int(trainer_->recipe(), "sample_columns")), nearest_.get(),
                        StripDrawer::kMostSteps);
}

std::unique_ptr<StripDrawer> TrainingJob::make_drawer(Model model, int columns, const NearestSprites* nearest,
                                                      std::int64_t most_steps) const {
  const bool guided = get_real(trainer_->recipe(), "p_uncond") > 0;
  return std::make_unique<StripDrawer>(std::make_shared<Model>(std::move(model)), columns, guided, nearest,
                                       choose_device(trainer_->device().is_cuda() ? "cuda" : "cpu", "auto", trainer_->threads()),
                                       most_steps);
}

// A strip is there to be looked at: training goes on without one that cannot be drawn.
void TrainingJob::strip_piece() {
  try {
    if (!drawer_) return begin_strip();
    const auto start = Clock::now();
    const bool more = drawer_->step();
    clock_.drew(Clock::now() - start);
    if (more) return;
    newest_strip_ = drawer_->take();
    drawer_.reset();
    clock_.drawn();
    if (newest_strip_.neighbours.empty()) return;  // thumbnails
    write_strip(run_, newest_strip_);
    outbox_.send(TrainingStrip{job_, newest_strip_});
  } catch (...) {
    const Error error = current_error();
    drawer_.reset();
    failed_strip_ = trainer_->step();
    outbox_.send(Note{job_, "no samples of step " + std::to_string(trainer_->step()) + ": " + error.message, error.hint});
  }
}

// Those that the run knows already.
void TrainingJob::find_qualities() {
  for (const TrainMetrics& metrics : read_metrics(metrics_file(run_))) {
    if (!std::isnan(metrics.novelty)) novelty_known_.insert(metrics.step);
    if (std::isnan(metrics.frechet)) continue;
    quality_step_ = metrics.step;
    if (const double value = badness(metrics, get_text(trainer_->recipe(), "best_by")); value < least_badness_)
      least_badness_ = value;
  }
  if (novelty_known_.empty() || !std::filesystem::is_regular_file(best_file(run_))) return;
  const std::int64_t best = load_model(best_file(run_)).facts.steps;
  if (novelty_known_.contains(best)) new_enough_step_ = best;
}

bool TrainingJob::quality_is_due() const {
  const auto every = get_int(trainer_->recipe(), "quality_every"), step = trainer_->step();
  if (every == 0 || quality_failed_ || step == 0 || !trainer_->at_boundary() || step == quality_step_) return false;
  return step % every == 0 || step >= trainer_->total();
}

// As with a strip, training goes on without an evaluation that fails; there is no other one then, for it would fail as well.
void TrainingJob::quality_piece() {
  try {
    const auto start = Clock::now();
    if (!quality_) {
      quality_step_ = trainer_->step();
      quality_ = std::make_unique<RunQuality>(std::make_shared<const Model>(trainer_->model()), trainer_->set(),
                                              trainer_->threads(), cache_);
      return;
    }
    const bool more = quality_->step();
    clock_.judged(Clock::now() - start);
    if (more) return;
    finish_quality();
    clock_.evaluated();
  } catch (...) {
    const Error error = current_error();
    quality_.reset();
    quality_failed_ = true;
    outbox_.send(Note{job_, "how good the sprites are could not be measured: " + error.message, error.hint});
  }
}

void TrainingJob::finish_quality() {
  TrainMetrics metrics;
  metrics.step = trainer_->step();
  metrics.total = trainer_->total();
  metrics.world_size = trainer_->world_size();
  quality_->take(metrics);
  quality_.reset();
  append_line(metrics_file(run_), metrics_to_json(metrics));
  const double value = badness(metrics, get_text(trainer_->recipe(), "best_by"));
  outbox_.send(TrainingMetrics{job_, std::move(metrics)});
  if (!(value < least_badness_) || ends_by_novelty(trainer_->recipe())) return;
  least_badness_ = value;
  save_model(trainer_->model(), best_file(run_), WeightType::kFloat32);
}

bool TrainingJob::novelty_is_due() const {
  const auto every = get_int(trainer_->recipe(), "sample_every"), step = trainer_->step();
  if (ended_by_novelty_ || !ends_by_novelty(trainer_->recipe()) || step == 0 || !trainer_->at_boundary() || step == novelty_step_)
    return false;
  return step >= trainer_->total() || (every > 0 && step % every == 0);
}

// As with a strip, training goes on where it fails.
void TrainingJob::novelty_piece() {
  try {
    if (novelty_check_ && novelty_check_->under_way()) {
      const auto start = Clock::now();
      const bool more = novelty_check_->step();
      clock_.drew(Clock::now() - start);
      if (!more) judge_novelty();
      return;
    }
    novelty_step_ = trainer_->step();
    if (!novelty_check_) novelty_check_ = std::make_unique<NoveltyCheck>(trainer_->set(), trainer_->split().train);
    const auto classes = std::max<int>(1, static_cast<int>(trainer_->set().classes.size()));
    novelty_check_->begin(make_drawer(trainer_->model(), (NoveltyCheck::kSamples + classes - 1) / classes, nullptr, kAllSteps));
  } catch (...) {
    const Error error = current_error();
    if (novelty_check_) novelty_check_->give_up();
    outbox_.send(Note{
        job_, "how new the samples of step " + std::to_string(trainer_->step()) + " are could not be measured: " + error.message,
        error.hint});
  }
}

void TrainingJob::judge_novelty() {
  TrainMetrics metrics;
  metrics.step = trainer_->step();
  metrics.total = trainer_->total();
  metrics.world_size = trainer_->world_size();
  metrics.novelty = novelty_check_->novelty();
  metrics.near_copies = novelty_check_->near_copies();
  const double novelty = metrics.novelty;
  const std::int64_t step = metrics.step;
  if (novelty_known_.insert(step).second) append_line(metrics_file(run_), metrics_to_json(metrics));
  outbox_.send(TrainingMetrics{job_, std::move(metrics)});
  if (novelty >= get_real(trainer_->recipe(), "least_novelty")) {
    save_model(trainer_->model(), best_file(run_), WeightType::kFloat32);
    new_enough_step_ = step;
    return;
  }
  ended_by_novelty_ = true;
  outbox_.send(Note{job_,
                    "at step " + std::to_string(step) +
                        " the model begins to know its sprites by heart: what it draws differs from them by " + percent(novelty) +
                        " of what they differ by from each other. The run ends" +
                        (new_enough_step_ > 0 ? " with the model of step " + std::to_string(new_enough_step_) : ""),
                    "with more sprites it can be trained for longer; least_novelty=0 lets it go on"});
  if (step < trainer_->total()) change({{"steps", step}});
}

// Where the run ends by novelty, that of before.
Model TrainingJob::finished_model() const {
  return ends_by_novelty(trainer_->recipe()) && new_enough_step_ > 0 ? load_model(best_file(run_)) : trainer_->model();
}

// The last steps: pictures of the classes, as the model draws by default, then the model.
bool TrainingJob::finish_piece() {
  const bool whole = trainer_->step() >= trainer_->total();
  if (whole && !record_.out.empty()) {
    Model model = finished_model();
    const bool has_thumbnails =
        newest_strip_.step == model.facts.steps && !newest_strip_.sprites.empty() && newest_strip_.neighbours.empty();
    if (!has_thumbnails && failed_strip_ != trainer_->step()) {
      drawer_ = make_drawer(std::move(model), 1, nullptr, kAllSteps);
      return true;
    }
    write_model(std::move(model), thumbnails_of(newest_strip_));
  }
  drop_late_changes();
  write_run_state(run_, whole ? RunState::kFinished : RunState::kStopped, trainer_->step(), trainer_->total(), record_.out);
  return false;
}

void TrainingJob::write_model(Model model, std::vector<Image> thumbnails) {
  if (record_.out.empty()) return;
  model.thumbnails = std::move(thumbnails);
  save_model(model, record_.out, trainer_->weight_type());
  outbox_.send(Exported{job_, record_.out});
}

Outcome TrainingJob::cancel(CancelMode mode) {
  if (!trainer_) return Outcome::kCancelled;
  if (mode == CancelMode::kDiscard) {
    remove_run(run_);
    return Outcome::kCancelled;
  }
  trainer_->stop();
  report();
  trainer_->checkpoint();
  drop_late_changes();
  if (mode == CancelMode::kKeep && trainer_->step() > 0) write_model(trainer_->model(), thumbnails_of(newest_strip_));
  write_run_state(run_, RunState::kStopped, trainer_->step(), trainer_->total(), record_.out);
  return Outcome::kKept;
}

void TrainingJob::change(const ParamMap& changes) {
  if (!trainer_) not_begun();
  trainer_->change(changes);
  report();
}

// The run has come to its end: nothing would take them, and the next start is not to find them.
void TrainingJob::drop_late_changes() {
  if (drop_requested_changes(run_))
    outbox_.send(Note{job_, "a change of the run was asked for too late", "go on with it by --resume, and give it other values"});
}

std::string TrainingJob::write_model_now() {
  if (!trainer_ || trainer_->step() == 0) not_begun();
  Model model = trainer_->model();
  model.thumbnails = thumbnails_of(newest_strip_);
  save_model(model, now_file(run_), trainer_->weight_type());
  return now_file(run_).string();
}

}  // namespace kiln
