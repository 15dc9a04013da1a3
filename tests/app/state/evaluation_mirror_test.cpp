#include "app/state/evaluation_mirror.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

TEST_CASE("An evaluation: asked for once, shown as it goes, its result or why there is none") {
  Outgoing outgoing;
  EvaluationMirror mirror(outgoing);
  mirror.start("/runs/a", "/models/a.safetensors", 2, "/cache");
  mirror.start("/runs/b", "/models/b.safetensors", 2, "/cache");  // not while one is under way
  auto commands = outgoing.take();
  REQUIRE(commands.size() == 1);
  const auto& asked = std::get<EvaluateModel>(commands[0]);
  CHECK(asked.request.run == "/runs/a");
  CHECK(asked.request.picture == "/runs/a/evaluation.png");
  CHECK(asked.request.settings.sampler.empty());
  CHECK(get_int(asked.request.settings.shared_params, "draws") == 2);
  const JobId job = asked.job;
  CHECK(mirror.is_evaluation(job));
  mirror.apply(Progress{{99}, 5, 10, 0, -1});
  CHECK(mirror.part() == 0);
  mirror.apply(Progress{job, 5, 10, 0, -1});
  CHECK(mirror.part() == doctest::Approx(0.5));

  EvaluationOverview overview;
  overview.measures = {{"Recall", "", "0.8", "0.9"}};
  Event other = ModelEvaluated{{99}, overview}, own = ModelEvaluated{job, overview};
  mirror.apply(other);
  CHECK_FALSE(mirror.result().has_value());
  const auto version = mirror.version();
  mirror.apply(own);
  CHECK(mirror.result()->measures.size() == 1);
  CHECK(mirror.version() != version);
  Event ended = JobEnded{job, Outcome::kDone, {}};
  mirror.apply(ended);
  CHECK_FALSE(mirror.running());
  CHECK(mirror.result().has_value());

  mirror.start("/runs/b", "/models/b.safetensors", 1, "/cache");
  CHECK_FALSE(mirror.result().has_value());  // it was another run's
  commands = outgoing.take();
  const JobId second = std::get<EvaluateModel>(commands[0]).job;
  mirror.stop();
  commands = outgoing.take();
  CHECK(std::get<CancelJob>(commands[0]).target == second);
  Event failed = JobEnded{second, Outcome::kFailed, {ErrorCode::kNotFound, "gone", "look", ""}};
  mirror.apply(failed);
  CHECK(mirror.problem()->message == "gone");
}

}  // namespace
}  // namespace kiln
