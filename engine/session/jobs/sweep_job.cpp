#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/session/jobs/run_jobs.h"
#include "engine/session/jobs/training_job.h"
#include "engine/training/metrics_file.h"
#include "engine/training/recipe.h"
#include "engine/training/sweep.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

// Of these each trial has its own, so losses mean the same only if they are the same.
constexpr const char* kLossKeys[] = {"prediction",        "schedule",     "timesteps",     "beta_start",       "beta_end",
                                     "zero_terminal_snr", "legacy_noise", "min_snr_gamma", "validation_share", "seed",
                                     "channels"};

std::string number_text(double value) {
  char text[32];
  std::snprintf(text, sizeof text, "%.4g", value);
  return text;
}

std::string value_text(const ParamValue& value) {
  const auto* real = std::get_if<double>(&value);
  return real != nullptr ? number_text(*real) : to_string(value);
}

// What a run measured at `step`: on the validation split, or where there are none on training sprites.
double loss_at(const fs::path& run, std::int64_t step) {
  double loss = kNaN;
  for (const auto& line : read_metrics(metrics_file(run))) {
    if (line.step == step && !std::isnan(line.train_eval_loss))
      loss = std::isnan(line.validation_loss) ? line.train_eval_loss : line.validation_loss;
  }
  return loss;
}

// One trial after the other, rung by rung, each as a training job within this one.
class SweepJob : public Job {
 public:
  SweepJob(StartSweep command, Outbox& outbox) : job_(command.job), request_(std::move(command.request)), outbox_(outbox) {}

  bool step() override {
    if (rungs_.empty()) {
      begin();
      return true;
    }
    if (training_) return training_piece();
    return next_trial();
  }
  Outcome cancel(CancelMode mode) override {
    if (rungs_.empty()) return Outcome::kCancelled;
    if (training_) training_->cancel(mode == CancelMode::kDiscard ? mode : CancelMode::kSuspend);
    training_.reset();
    if (mode != CancelMode::kDiscard) return Outcome::kKept;
    for (int i = 0; i < request_.trials; ++i) remove_run(trial_folder(i));
    std::error_code error;
    fs::remove(state_file(), error);
    lock_.reset();
    return Outcome::kCancelled;
  }
  bool interactive() const override { return false; }

 private:
  fs::path state_file() const { return folder_ / "sweep.json"; }
  fs::path trial_folder(int trial) const {
    std::string number = std::to_string(trial + 1);
    number.insert(0, number.size() < 3 ? 3 - number.size() : 0, '0');
    return folder_ / ("trial-" + number + ".run");
  }

  void begin() {
    const TrainRequest& train = request_.train;
    if (train.out.empty()) throw Failure(ErrorCode::kInvalidArgument, "there is no name for the model", "give one with --out");
    if (request_.vary.empty())
      throw Failure(ErrorCode::kInvalidArgument, "there is nothing to vary", "write --vary learning_rate=1e-4..1e-3");
    folder_ = train.run.empty() ? fs::path(train.out).replace_extension(".sweep") : fs::path(train.run);
    for (const auto& text : request_.vary) dimensions_.push_back(parse_sweep_dimension(text));
    auto rungs = sweep_rungs(request_.trials, request_.budget);
    const ParamMap recipe = make_recipe(train.recipe, train.overrides);
    check_writable(train.out);
    lock_ = std::make_unique<RunLock>(folder_);
    const json definition = {{"vary", request_.vary},           {"trials", request_.trials}, {"budget", request_.budget},
                             {"seed", request_.seed},           {"data", train.source.path}, {"init", train.init},
                             {"recipe", recipe_to_json(recipe)}};
    std::error_code error;
    if (fs::exists(state_file(), error))
      go_on_with(definition.dump());
    else
      start_anew(definition.dump());
    for (const auto& dimension : dimensions_) {
      if (std::find(std::begin(kLossKeys), std::end(kLossKeys), dimension.spec.id) == std::end(kLossKeys)) continue;
      outbox_.send(
          Note{job_, "“" + dimension.spec.id + "” changes what the loss means: trials that differ in it are hard to compare", ""});
    }
    rungs_ = std::move(rungs);
    show_progress(0);
  }

  void start_anew(const std::string& definition) {
    state_.definition = definition;
    for (int i = 0; i < request_.trials; ++i) state_.trials.push_back({draw_trial(dimensions_, request_.seed, i), 0, 0, kNaN, ""});
    save();
  }

  void go_on_with(const std::string& definition) {
    if (!request_.train.resume)
      throw Failure(ErrorCode::kInvalidArgument, "there is a sweep in “" + folder_.string() + "” already",
                    "go on with it (--resume), or remove that folder");
    state_ = sweep_from_json(read_text(state_file()));
    if (state_.definition != definition || static_cast<int>(state_.trials.size()) != request_.trials) {
      throw Failure(ErrorCode::kInvalidArgument, "the sweep in “" + folder_.string() + "” was another one",
                    "give the same values as at first, or another folder");
    }
  }

  void save() const { write_file(state_file(), sweep_to_json(state_)); }

  SweepTrial& trial(int index) { return state_.trials[static_cast<std::size_t>(index)]; }

  // Starts what is to be done next; false at the end.
  bool next_trial() {
    for (std::size_t rung = 0; rung < rungs_.size(); ++rung) {
      for (const int index : state_.members(rungs_, static_cast<int>(rung))) {
        if (trial(index).rung > static_cast<int>(rung)) continue;
        current_ = index;
        start_training(rungs_[rung], rung + 1 == rungs_.size());
        return true;
      }
    }
    finish();
    return false;
  }

  void start_training(const SweepRung& rung, bool last) {
    TrainRequest request = request_.train;
    request.run = trial_folder(current_).string();
    if (!last) request.out.clear();
    request.resume = !list_checkpoints(request.run).empty();
    if (request.resume) {
      request.overrides.clear();
    } else {
      request.overrides.emplace("sample_every", std::int64_t{0});
      for (const auto& [key, value] : trial(current_).values) request.overrides[key] = value;
      request.overrides["steps"] = rungs_.back().steps;  // so that the learning rate falls as in the whole run
    }
    training_ = std::make_unique<TrainingJob>(StartTraining{job_, std::move(request)}, inner_, rung.steps);
  }

  bool training_piece() {
    bool more = true;
    std::string failure;
    try {
      more = training_->step();
    } catch (const Failure& thrown) {
      if (thrown.error().code != ErrorCode::kInvalidArgument || training_->run().empty()) throw;
      failure = thrown.error().message;  // it diverged: so much is known about these values
    }
    for (auto& event : inner_.events.take_all()) {
      if (const auto* exported = std::get_if<Exported>(&event)) outbox_.send(*exported);
      if (const auto* note = std::get_if<Note>(&event); note != nullptr && trial(0).rung == 0 && current_ == 0) outbox_.send(*note);
    }
    for (const auto& progress : inner_.progress.take_all()) show_progress(progress.step - trial(current_).steps);
    if (more && failure.empty()) return true;
    end_trial(failure);
    return true;
  }

  void end_trial(const std::string& failure) {
    SweepTrial& done = trial(current_);
    const auto run = training_->run();
    training_.reset();
    done.steps = rungs_[static_cast<std::size_t>(done.rung)].steps;
    done.loss = failure.empty() ? loss_at(run, done.steps) : kNaN;
    done.failure = failure.empty() && std::isnan(done.loss) ? "its loss is no number" : failure;
    if (!done.failure.empty()) done.loss = std::numeric_limits<double>::infinity();
    ++done.rung;
    save();
    const std::string result = done.failure.empty() ? "loss " + number_text(done.loss) : done.failure;
    outbox_.send(Note{job_,
                      "trial " + std::to_string(current_ + 1) + ", " + std::to_string(done.steps) + " steps: " + result + "  (" +
                          values_text(done) + ")",
                      ""});
    show_progress(0);
  }

  static std::string values_text(const SweepTrial& trial) {
    std::string text;
    for (const auto& [key, value] : trial.values) text += (text.empty() ? "" : ", ") + key + " " + value_text(value);
    return text;
  }

  void show_progress(std::int64_t more) {
    std::int64_t done = std::max<std::int64_t>(0, more), total = 0, before = 0;
    for (const auto& rung : rungs_) {
      total += rung.trials * (rung.steps - before);
      before = rung.steps;
    }
    for (const auto& trial : state_.trials) done += trial.steps;
    outbox_.show(Progress{job_, std::min(done, total), total, 0, -1});
  }

  // The best first: those that went further, then by their loss.
  std::vector<int> ranking() const {
    std::vector<int> order;
    for (int i = 0; i < static_cast<int>(state_.trials.size()); ++i) order.push_back(i);
    std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
      const auto &x = state_.trials[static_cast<std::size_t>(a)], &y = state_.trials[static_cast<std::size_t>(b)];
      if (x.failure.empty() != y.failure.empty()) return x.failure.empty();
      return x.rung != y.rung ? x.rung > y.rung : x.loss < y.loss;
    });
    return order;
  }

  void finish() {
    std::string text = "trial   steps  loss        values\n";
    json rows = json::array();
    for (const int index : ranking()) {
      const SweepTrial& t = trial(index);
      char head[64];
      std::snprintf(head, sizeof head, "%5d  %6lld  %-10s  ", index + 1, static_cast<long long>(t.steps),
                    t.failure.empty() ? number_text(t.loss).c_str() : "-");
      text += head + values_text(t) + (t.failure.empty() ? "" : "; " + t.failure) + "\n";
      json row = {{"trial", index + 1},
                  {"steps", t.steps},
                  {"loss", std::isfinite(t.loss) ? json(t.loss) : json(nullptr)},
                  {"run", trial_folder(index).string()},
                  {"values", json::object()}};
      if (!t.failure.empty()) row["failure"] = t.failure;
      for (const auto& [key, value] : t.values) std::visit([&, &id = key](const auto& v) { row["values"][id] = v; }, value);
      rows.push_back(std::move(row));
    }
    const int best = ranking().front();
    if (!trial(best).failure.empty())
      throw Failure(ErrorCode::kInvalidArgument, "every trial failed: " + trial(best).failure, "vary within other limits");
    const json document = {{"best", best + 1}, {"model", request_.train.out}, {"trials", rows}};
    outbox_.send(Report{job_, text, document.dump(2, ' ', false, json::error_handler_t::replace)});
  }

  JobId job_;
  SweepRequest request_;
  Outbox& outbox_;
  Outbox inner_{std::function<void()>()};  // of the trial under way
  fs::path folder_;
  std::unique_ptr<RunLock> lock_;
  std::vector<SweepDimension> dimensions_;
  std::vector<SweepRung> rungs_;
  SweepState state_;
  int current_ = 0;
  std::unique_ptr<TrainingJob> training_;
};

}  // namespace

std::unique_ptr<Job> make_sweep_job(StartSweep command, Outbox& outbox) {
  return std::make_unique<SweepJob>(std::move(command), outbox);
}

}  // namespace kiln
