#include "app/state/lab_mirror.h"

#include <doctest/doctest.h>

#include "app/state/class_mix.h"

using namespace kiln;

namespace {

LabRequest at_level(double level) {
  LabRequest request;
  request.level = level;
  return request;
}

struct Lab {
  Outgoing outgoing;
  LabMirror mirror{outgoing};

  void apply(Event event) { mirror.apply(event); }
  void show(JobId job, int timestep) {
    LabShown shown{job, {}};
    shown.result.timestep = timestep;
    apply(std::move(shown));
  }
  // The studies among the commands since the last call.
  std::vector<StudySprite> asked() {
    std::vector<StudySprite> studies;
    cancelled.clear();
    for (Command& command : outgoing.take()) {
      if (auto* study = std::get_if<StudySprite>(&command)) studies.push_back(std::move(*study));
      if (auto* cancel = std::get_if<CancelJob>(&command)) cancelled.push_back(cancel->target);
    }
    return studies;
  }
  std::vector<JobId> cancelled;
};

}  // namespace

TEST_CASE("while one level is looked at, the last of those asked for is next; the run of one that is shown ends early") {
  Lab lab;
  lab.mirror.study(at_level(0.1));
  const auto first = lab.asked();
  REQUIRE(first.size() == 1);
  lab.mirror.study(at_level(0.2));
  lab.mirror.study(at_level(0.3));
  CHECK(lab.asked().empty());
  lab.show(first[0].job, 100);
  const auto next = lab.asked();
  REQUIRE(next.size() == 1);
  CHECK(next[0].request.level == 0.3);
  REQUIRE(lab.cancelled.size() == 1);
  CHECK(lab.cancelled[0] == first[0].job);
  CHECK(lab.mirror.result()->timestep == 100);  // shown until the next is there
  lab.apply(LabPathShown{first[0].job, {LabStep{}}});
  CHECK(lab.mirror.path().empty());  // of what is shown no more
  lab.show(next[0].job, 300);
  lab.apply(LabPathShown{next[0].job, {LabStep{}, LabStep{}}});
  CHECK(lab.mirror.path().size() == 2);
  lab.apply(JobEnded{next[0].job, Outcome::kDone, {}});
  lab.mirror.study(at_level(0.4));
  CHECK(lab.asked().size() == 1);
  CHECK(lab.cancelled.empty());
}

TEST_CASE("what cannot be looked at is told, and the next is asked for") {
  Lab lab;
  lab.mirror.study(at_level(0.1));
  const auto first = lab.asked();
  lab.mirror.study(at_level(0.2));
  lab.apply(JobEnded{first[0].job, Outcome::kFailed, {ErrorCode::kInvalidArgument, "too large", "use a smaller one", ""}});
  REQUIRE(lab.mirror.problem());
  CHECK(lab.mirror.problem()->message == "too large");
  const auto next = lab.asked();
  REQUIRE(next.size() == 1);
  lab.show(next[0].job, 200);
  CHECK(!lab.mirror.problem());
}

TEST_CASE("measuring does not take away what is shown") {
  Lab lab;
  lab.mirror.study(at_level(0.1));
  lab.show(lab.asked()[0].job, 100);
  lab.mirror.measure(at_level(0.1));
  lab.mirror.measure(at_level(0.1));
  const auto asked = lab.asked();
  REQUIRE(asked.size() == 1);
  CHECK(asked[0].request.times);
  const auto version = lab.mirror.version();
  lab.show(asked[0].job, 999);
  lab.apply(LabTimed{asked[0].job, {{"Norms", 2.5}}});
  CHECK(lab.mirror.version() == version);
  CHECK(lab.mirror.times().size() == 1);
  CHECK(lab.mirror.measuring());
  lab.apply(JobEnded{asked[0].job, Outcome::kDone, {}});
  CHECK(!lab.mirror.measuring());
}

TEST_CASE("a click into the map mixes the classes around it") {
  const std::vector<PlacedClass> classes = {{"axe", -1, 0}, {"potion", 1, 0}, {"sword", 0, 1}, {"ring", 0, -1}};
  CHECK(mix_at(classes, 1, 0.001) == Condition{{"potion", 1.0}});
  const Condition half = mix_at({{"axe", -1, 0}, {"potion", 1, 0}}, 0, 0);
  REQUIRE(half.size() == 2);
  CHECK(half[0].weight == 0.5);
  CHECK(half[1].weight == 0.5);
  const Condition three = mix_at(classes, -0.2, 0.3);
  CHECK(three.size() <= 3);
  CHECK(three.front().name == "sword");
  double sum = 0;
  for (const ClassWeight& part : three) sum += part.weight;
  CHECK(sum == doctest::Approx(1).epsilon(0.02));
  CHECK(mix_at({}, 0, 0).empty());
}
