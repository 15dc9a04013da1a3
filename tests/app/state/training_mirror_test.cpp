#include "app/state/training_mirror.h"

#include <doctest/doctest.h>

#include <limits>
#include <variant>

#include "app/state/mirror.h"

namespace kiln {
namespace {

constexpr double kNone = std::numeric_limits<double>::quiet_NaN();

TrainRequest request_of(const std::string& name) {
  TrainRequest request;
  request.source.path = "/data/" + name;
  request.run = "/home/runs/" + name;
  request.out = "/home/models/" + name + ".safetensors";
  return request;
}

TrainPlan plan_of(const std::string& name, std::int64_t step, std::int64_t total) {
  TrainPlan plan;
  plan.run = "/home/runs/" + name;
  plan.recipe = {{"batch", std::int64_t{32}}};
  plan.step = step;
  plan.total = total;
  return plan;
}

TrainMetrics line(std::int64_t step, double loss, double validation = kNone) {
  TrainMetrics m;
  m.step = step;
  m.loss = m.smoothed_loss = loss;
  m.validation_loss = validation;
  m.train_eval_loss = kNone;
  return m;
}

SampleStrip strip(std::int64_t step) {
  SampleStrip s;
  s.step = step;
  s.columns = 1;
  s.classes = {"potion"};
  s.sprites = {Image(2, 2)};
  return s;
}

template <class T>
T only(Mirror& mirror) {
  const auto commands = mirror.take_commands();
  const T* found = nullptr;
  for (const Command& command : commands) {
    if (const auto* one = std::get_if<T>(&command)) {
      CHECK(found == nullptr);
      found = one;
    }
  }
  REQUIRE(found != nullptr);
  return *found;
}

JobId begin(Mirror& mirror, const std::string& name = "potions") {
  mirror.apply(Event{EngineReady{}});
  mirror.training.start(request_of(name));
  const JobId job = only<StartTraining>(mirror).job;
  mirror.apply(Event{TrainingStarted{job, plan_of(name, 0, 100)}});
  mirror.take_commands();
  return job;
}

TEST_CASE("A newer plan takes the older one's place, whatever still comes from it") {
  Mirror mirror;
  mirror.training.plan(request_of("a"));
  const JobId first = only<PlanTraining>(mirror).job;
  mirror.training.plan(request_of("b"));
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 2);
  CHECK(std::get<CancelJob>(commands[0]).target == first);
  const JobId second = std::get<PlanTraining>(commands[1]).job;
  mirror.apply(Event{TrainingPlanned{first, plan_of("a", 0, 1)}});
  CHECK_FALSE(mirror.training.planned().has_value());
  mirror.apply(Event{JobEnded{first, Outcome::kFailed, {ErrorCode::kNotFound, "no folder", "", ""}}});
  CHECK(mirror.training.planning());
  CHECK_FALSE(mirror.training.plan_error().has_value());
  CHECK(mirror.notices.shown().empty());
  mirror.apply(Event{TrainingPlanned{second, plan_of("b", 0, 2)}});
  mirror.apply(Event{JobEnded{second, Outcome::kDone, {}}});
  CHECK_FALSE(mirror.training.planning());
  REQUIRE(mirror.training.planned().has_value());
  CHECK(mirror.training.planned()->total == 2);
}

TEST_CASE("A plan that cannot be made says why in its place, and not as a notice") {
  Mirror mirror;
  mirror.training.plan(request_of("a"));
  const JobId job = only<PlanTraining>(mirror).job;
  mirror.apply(Event{JobEnded{job, Outcome::kFailed, {ErrorCode::kNotFound, "there is no folder", "check the path", ""}}});
  REQUIRE(mirror.training.plan_error().has_value());
  CHECK(mirror.training.plan_error()->message == "there is no folder");
  CHECK(mirror.notices.shown().empty());
}

TEST_CASE("A run's losses, strips and speed come together; its end keeps them") {
  Mirror mirror;
  const JobId job = begin(mirror);
  mirror.apply(Progress{job, 10, 100, 5, 18});
  mirror.apply(Event{TrainingMetrics{job, line(10, 0.5, 0.6)}});
  mirror.apply(Event{TrainingMetrics{job, line(20, 0.25)}});
  mirror.apply(Event{TrainingStrip{job, strip(0)}});
  mirror.apply(Event{TrainingStrip{job, strip(20)}});
  const TrainingMirror& training = mirror.training;
  CHECK(training.active());
  CHECK(training.job()->step == 10);
  CHECK(training.job()->left_s == 18);
  CHECK(training.images_per_s() == 160);
  CHECK(training.run()->history.of(&TrainMetrics::smoothed_loss).newest() == 0.25);
  CHECK(training.run()->history.of(&TrainMetrics::validation_loss).points().size() == 1);
  CHECK(training.run()->strips.snapshots().size() == 2);
  mirror.apply(Event{JobEnded{job, Outcome::kDone, {}}});
  CHECK_FALSE(training.active());
  CHECK(training.job()->state == JobState::kDone);
  CHECK(training.job()->step == 100);
  CHECK(training.run()->state == RunState::kFinished);
  CHECK(training.run()->history.of(&TrainMetrics::smoothed_loss).points().size() == 2);
  mirror.apply(Event{TrainingMetrics{job, line(30, 9)}});
  CHECK(training.run()->history.of(&TrainMetrics::smoothed_loss).newest() == 0.25);
}

TEST_CASE("Pause and resume are asked for once and answered by the engine; stop says how it ended") {
  Mirror mirror;
  const JobId job = begin(mirror);
  mirror.training.pause();
  mirror.training.pause();
  CHECK(only<PauseJob>(mirror).target == job);
  CHECK(mirror.training.job()->state == JobState::kRunning);
  mirror.apply(Event{JobPaused{job}});
  CHECK(mirror.training.job()->state == JobState::kPaused);
  mirror.training.resume();
  only<ResumeJob>(mirror);
  mirror.apply(Event{JobResumed{job}});
  CHECK(mirror.training.job()->state == JobState::kRunning);
  mirror.training.stop(CancelMode::kKeep);
  CHECK(only<CancelJob>(mirror).mode == CancelMode::kKeep);
  CHECK(mirror.training.stopping());
  mirror.apply(Event{JobEnded{job, Outcome::kKept, {}}});
  CHECK(mirror.training.job()->state == JobState::kDone);
  CHECK(mirror.training.ended_by() == CancelMode::kKeep);
  CHECK(mirror.training.run()->state == RunState::kStopped);
  CHECK(mirror.training.shown() != nullptr);
}

TEST_CASE("A discarded run shows no more") {
  Mirror mirror;
  const JobId job = begin(mirror);
  mirror.training.stop(CancelMode::kDiscard);
  mirror.apply(Event{JobEnded{job, Outcome::kCancelled, {}}});
  CHECK(mirror.training.job()->state == JobState::kCancelled);
  CHECK(mirror.training.shown() == nullptr);
}

TEST_CASE("Training and generating at the same time do not touch each other") {
  Mirror mirror;
  const JobId training = begin(mirror);
  mirror.open_model("/models/small.safetensors");
  const JobId opening = only<OpenModel>(mirror).job;
  ModelInfo model;
  model.name = "small";
  model.width = model.height = 2;
  mirror.apply(Event{ModelOpened{opening, model}});
  mirror.apply(Event{JobEnded{opening, Outcome::kDone, {}}});
  SampleRequest request;
  request.settings.shared_params = {{"count", 1}, {"seed", 7}, {"steps", 10}};
  mirror.generate(request);
  const JobId sampling = only<StartSampling>(mirror).job;
  mirror.apply(Progress{sampling, 4, 10, 8, 1});
  mirror.apply(Progress{training, 40, 100, 5, 12});
  CHECK(mirror.sampling()->step == 4);
  CHECK(mirror.training.job()->step == 40);
  mirror.pause();
  CHECK(only<PauseJob>(mirror).target == sampling);
  mirror.apply(Event{JobPaused{sampling}});
  CHECK(mirror.training.job()->state == JobState::kRunning);
  mirror.stop(CancelMode::kDiscard);
  mirror.apply(Event{JobEnded{sampling, Outcome::kCancelled, {}}});
  CHECK_FALSE(mirror.busy());
  CHECK(mirror.training.active());
}

TEST_CASE("Use now opens the run's model while it goes on") {
  Mirror mirror;
  const JobId job = begin(mirror);
  mirror.use_training_model();
  const auto use = only<UseTrainingModel>(mirror);
  CHECK(use.training == job);
  CHECK(mirror.opening() == "potions");
  ModelInfo model;
  model.name = "potions";
  model.path = "/home/runs/potions/now.safetensors";
  model.trained_steps = 40;
  mirror.apply(Event{ModelOpened{use.job, model}});
  mirror.apply(Event{JobEnded{use.job, Outcome::kDone, {}}});
  REQUIRE(mirror.model().has_value());
  CHECK(mirror.model()->path == "/home/runs/potions/now.safetensors");
  CHECK(mirror.opening().empty());
  CHECK(mirror.training.active());
}

TEST_CASE("A run that cannot begin is told of and not shown") {
  Mirror mirror;
  mirror.training.start(request_of("a"));
  const JobId job = only<StartTraining>(mirror).job;
  mirror.apply(Event{JobEnded{job, Outcome::kFailed, {ErrorCode::kNotFound, "there is no folder", "", ""}}});
  CHECK(mirror.training.job()->state == JobState::kFailed);
  CHECK(mirror.training.shown() == nullptr);
  REQUIRE(mirror.notices.shown().size() == 1);
}

RunOpened opened_run(JobId job, const std::string& name, std::initializer_list<TrainMetrics> metrics) {
  RunOpened opened;
  opened.job = job;
  opened.info.path = "/home/runs/" + name;
  opened.info.name = name;
  opened.info.model = "/home/models/" + name + ".safetensors";
  opened.info.step = 20;
  opened.info.total = 100;
  opened.metrics = metrics;
  opened.strips = {strip(0), strip(20)};
  return opened;
}

TEST_CASE("A run that goes on shows its past, also if that comes after its first new line") {
  Mirror mirror;
  TrainRequest request = request_of("potions");
  request.resume = true;
  mirror.training.start(request);
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 2);
  const JobId past = std::get<OpenRun>(commands[0]).job, job = std::get<StartTraining>(commands[1]).job;
  mirror.apply(Event{TrainingStarted{job, plan_of("potions", 20, 100)}});
  mirror.apply(Event{TrainingMetrics{job, line(30, 0.3)}});
  mirror.apply(Event{opened_run(past, "potions", {line(10, 0.9), line(20, 0.5)})});
  mirror.apply(Event{JobEnded{past, Outcome::kDone, {}}});
  mirror.apply(Event{TrainingMetrics{job, line(40, 0.2)}});
  const auto& points = mirror.training.run()->history.of(&TrainMetrics::smoothed_loss).points();
  REQUIRE(points.size() == 4);
  CHECK(points[0].mean == 0.9);
  CHECK(points[2].mean == 0.3);
  CHECK(points[3].mean == 0.2);
  CHECK(mirror.training.run()->strips.snapshots().size() == 2);
}

TEST_CASE("A run that is open goes on from what is known of it") {
  Mirror mirror;
  mirror.training.open_run("/home/runs/potions");
  const JobId opening = only<OpenRun>(mirror).job;
  mirror.apply(Event{opened_run(opening, "potions", {line(10, 0.9), line(20, 0.5)})});
  mirror.apply(Event{JobEnded{opening, Outcome::kDone, {}}});
  REQUIRE(mirror.training.shown() != nullptr);
  CHECK(mirror.training.shown()->name == "potions");
  TrainRequest request = request_of("potions");
  request.resume = true;
  mirror.training.start(request);
  CHECK(mirror.take_commands().size() == 1);
  CHECK(mirror.training.opened() == nullptr);
  CHECK(mirror.training.shown()->history.of(&TrainMetrics::smoothed_loss).points().size() == 2);
}

// What is asked for of the run “potions” comes, as it is at that step.
void answer_open(Mirror& mirror, RunState state, std::int64_t step) {
  const JobId job = only<OpenRun>(mirror).job;
  RunOpened opened = opened_run(job, "potions", {line(step, 0.5)});
  opened.info.state = state;
  opened.info.step = step;
  opened.info.changed = 4'000'000'000;  // as another machine's clock says
  mirror.apply(Event{std::move(opened)});
  mirror.apply(Event{JobEnded{job, Outcome::kDone, {}}});
}

TEST_CASE("An open run that another program writes is read again, until it has ended") {
  Mirror mirror;
  mirror.training.open_run("/home/runs/potions");
  answer_open(mirror, RunState::kRunning, 20);
  mirror.training.follow(100);
  CHECK(mirror.training.follow_due_s() == 100 + TrainingMirror::kFollow_s);
  mirror.training.follow(101);
  CHECK(mirror.take_commands().empty());
  mirror.training.follow(100 + TrainingMirror::kFollow_s);
  CHECK(mirror.training.follow_due_s() < 0);  // until it is there
  answer_open(mirror, RunState::kRunning, 40);
  CHECK(mirror.training.shown()->step == 40);
  mirror.training.follow(110);
  mirror.training.follow(120);
  answer_open(mirror, RunState::kFinished, 100);
  mirror.training.follow(130);
  mirror.training.follow(140);
  CHECK(mirror.take_commands().empty());
  CHECK(mirror.training.follow_due_s() < 0);
}

TEST_CASE("Of a run under way elsewhere it is told since when nothing new came, by this window's own clock") {
  Mirror mirror;
  mirror.training.open_run("/home/runs/potions");
  answer_open(mirror, RunState::kRunning, 20);
  mirror.training.follow(100);
  CHECK(mirror.training.silent_s() == 0);
  mirror.training.follow(103);
  answer_open(mirror, RunState::kRunning, 20);
  mirror.training.follow(160);
  CHECK(mirror.training.silent_s() == 60);
  mirror.training.follow(163);
  answer_open(mirror, RunState::kRunning, 30);
  mirror.training.follow(170);
  CHECK(mirror.training.silent_s() == 0);
  mirror.training.follow(180);
  answer_open(mirror, RunState::kStopped, 30);
  mirror.training.follow(500);
  CHECK(mirror.training.silent_s() == 0);
}

TEST_CASE("A run under way elsewhere is asked to change, and what was asked is told") {
  Mirror mirror;
  mirror.training.change_opened({{"steps", std::int64_t{500}}});  // none is open
  CHECK(mirror.take_commands().empty());
  mirror.training.open_run("/home/runs/potions");
  const JobId opening = only<OpenRun>(mirror).job;
  mirror.apply(Event{opened_run(opening, "potions", {line(10, 0.9)})});
  mirror.apply(Event{JobEnded{opening, Outcome::kDone, {}}});
  for (const Outcome outcome : {Outcome::kDone, Outcome::kFailed}) {
    mirror.training.change_opened({{"steps", std::int64_t{500}}});
    const auto asked = only<ChangeRun>(mirror);
    CHECK(asked.run == "/home/runs/potions");
    CHECK(get_int(asked.changes, "steps") == 500);
    mirror.apply(Event{JobEnded{asked.job, outcome, {ErrorCode::kInvalidArgument, "steps is out of range", "give 1 or more", ""}}});
    REQUIRE_FALSE(mirror.notices.shown().empty());
    CHECK((mirror.notices.shown().back().kind == NoticeKind::kError) == (outcome == Outcome::kFailed));
  }
}

TEST_CASE("What several processes measured is shown until the run goes on with another number of them") {
  TrainingHistory history;
  TrainMetrics start = line(0, kNone), measured = line(10, 0.5), alone = line(20, 0.4);
  start.world_size = measured.world_size = 2;
  start.hosts = {"kiln1", "kiln2"};
  measured.rank_images_per_s = {40, 30};
  history.add(start);
  history.add(measured);
  CHECK(history.newest->world_size == 2);
  CHECK((history.newest->hosts == std::vector<std::string>{"kiln1", "kiln2"}));
  CHECK((history.newest->rank_images_per_s == std::vector<double>{40, 30}));
  history.add(alone);
  CHECK(history.newest->world_size == 1);
  CHECK(history.newest->hosts.empty());
  CHECK(history.newest->rank_images_per_s.empty());
}

TEST_CASE("A run that cannot be read again is followed no more, and stays open") {
  Mirror mirror;
  mirror.training.open_run("/home/runs/potions");
  const JobId opening = only<OpenRun>(mirror).job;
  RunOpened opened = opened_run(opening, "potions", {line(10, 0.9)});
  opened.info.state = RunState::kRunning;
  mirror.apply(Event{std::move(opened)});
  mirror.apply(Event{JobEnded{opening, Outcome::kDone, {}}});
  mirror.training.follow(1);
  mirror.training.follow(10);
  mirror.apply(Event{JobEnded{only<OpenRun>(mirror).job, Outcome::kFailed, {ErrorCode::kNotFound, "gone", "look", ""}}});
  REQUIRE(mirror.training.opened() != nullptr);
  mirror.training.follow(20);
  mirror.training.follow(30);
  CHECK(mirror.take_commands().empty());
}

TEST_CASE("Two runs can be compared, and the one under way stays in its place") {
  Mirror mirror;
  begin(mirror, "now");
  mirror.training.compare_run("/home/runs/old");
  const JobId comparing = only<OpenRun>(mirror).job;
  mirror.apply(Event{opened_run(comparing, "old", {line(10, 0.9)})});
  REQUIRE(mirror.training.compared() != nullptr);
  CHECK(mirror.training.compared()->name == "old");
  CHECK(mirror.training.shown()->name == "now");
  mirror.training.end_comparison();
  CHECK(mirror.training.compared() == nullptr);
}

TEST_CASE("A changed plan is the one that shows") {
  Mirror mirror;
  const JobId job = begin(mirror);
  mirror.training.change({{"steps", std::int64_t{500}}});
  CHECK(get_int(only<ChangeTraining>(mirror).changes, "steps") == 500);
  mirror.apply(Event{TrainingStarted{job, plan_of("potions", 10, 500)}});
  CHECK(mirror.training.job()->total == 500);
}

TEST_CASE("A history of samples stays small, and keeps its first and its last") {
  SampleHistory history;
  for (int i = 0; i <= 1000; ++i) history.add(strip(i * 10));
  CHECK(history.snapshots().size() <= SampleHistory::kMostSnapshots);
  CHECK(history.snapshots().front().strip.step == 0);
  CHECK(history.snapshots().back().strip.step == 10'000);
  history.add(strip(5000));
  CHECK(history.snapshots().back().strip.step == 5000);
  CHECK(history.nearest(-3).strip.step == 0);
  CHECK(history.nearest(1'000'000).strip.step == 5000);
}

}  // namespace
}  // namespace kiln
