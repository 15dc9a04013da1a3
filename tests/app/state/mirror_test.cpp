#include "app/state/mirror.h"

#include <doctest/doctest.h>

#include <variant>

#include "app/state/generate_settings.h"
#include "tests/app/state/support/ready_mirror.h"

namespace kiln {
namespace {

using namespace test;

SampleRequest request_of(int count, int steps) {
  SampleRequest request;
  request.model_path = "/models/small.safetensors";
  request.settings.shared_params = {{"count", count}, {"seed", 7}, {"steps", steps}};
  return request;
}

JobId start(Mirror& mirror, int count = 2, int steps = 10) {
  mirror.generate(request_of(count, steps));
  return std::get<StartSampling>(mirror.take_commands().at(0)).job;
}

Frame frame_of(JobId job, int step, int count, std::uint8_t grey) {
  return {job, step, 10, 2, 2, count, std::vector<std::uint8_t>(static_cast<std::size_t>(count) * 16, grey)};
}

SpritesReady sprites_of(JobId job, int count, std::uint8_t grey, int steps_done) {
  SpritesReady ready{job, {}};
  for (int i = 0; i < count; ++i) {
    Sprite sprite{Image(2, 2), {}};
    sprite.image.rgba.assign(16, grey);
    sprite.recipe.steps_done = steps_done;
    sprite.recipe.condition = {{"sword", 1}};
    ready.sprites.push_back(sprite);
  }
  return ready;
}

void finish(Mirror& mirror, JobId job, std::uint8_t grey) {
  mirror.apply(Event{sprites_of(job, 2, grey, 10)});
  mirror.apply(Event{JobEnded{job, Outcome::kDone, {}}});
}

JobId follow(Mirror& mirror, bool whole) {
  mirror.follow(request_of(2, whole ? 10 : 3), whole);
  return std::get<StartSampling>(mirror.take_commands().at(0)).job;
}

TEST_CASE("Sprites that follow a control show the ones before until they are there, and leave no trace when the next are") {
  Mirror mirror;
  make_ready(mirror);
  finish(mirror, start(mirror), 10);
  for (const std::uint8_t grey : {20, 30}) {
    const JobId job = follow(mirror, false);
    CHECK(mirror.batch().rgba[0] == grey - 10);
    finish(mirror, job, grey);
    CHECK(mirror.batch().rgba[0] == grey);
    CHECK(mirror.batch().passing);
  }
  finish(mirror, follow(mirror, true), 40);
  CHECK_FALSE(mirror.batch().passing);
  CHECK(mirror.history().previous().rgba[0] == 10);
}

TEST_CASE("The batch that sprites were derived from can be gone back to") {
  Mirror mirror;
  make_ready(mirror);
  finish(mirror, start(mirror), 10);
  CHECK(mirror.derive(request_of(2, 10)));
  finish(mirror, std::get<StartSampling>(mirror.take_commands().at(0)).job, 20);
  CHECK(mirror.undo());
  CHECK(mirror.batch().rgba[0] == 10);
  CHECK(mirror.redo());
  CHECK(mirror.batch().rgba[0] == 20);
}

TEST_CASE("Sprites of a passing moment that were drawn on are kept") {
  Mirror mirror;
  make_ready(mirror);
  finish(mirror, follow(mirror, false), 20);
  Image drawn(2, 2);
  drawn.rgba.assign(16, 99);
  REQUIRE(mirror.edit("Draw", {{.index = 1, .image = drawn}}));
  finish(mirror, follow(mirror, true), 40);
  CHECK(mirror.undo());
  CHECK(mirror.batch().image(1) == drawn);
}

TEST_CASE("Nothing is asked of an engine that is not ready, or without a model") {
  Mirror mirror;
  mirror.generate(request_of(1, 10));
  CHECK(mirror.take_commands().empty());
  mirror.apply(Event{EngineReady{}});
  mirror.generate(request_of(1, 10));
  CHECK(mirror.take_commands().empty());
}

TEST_CASE("Finished sprites are taken over, not copied") {
  Mirror mirror;
  make_ready(mirror);
  const JobId job = start(mirror);
  SpritesReady ready = sprites_of(job, 2, 9, 10);
  const auto* pixels = ready.sprites[1].image.rgba.data();
  mirror.apply(Event{std::move(ready)});
  CHECK(mirror.batch().sprites[1].image.rgba.data() == pixels);
}

TEST_CASE("A model opened while the engine starts is asked for at once and sent later") {
  Mirror mirror;
  mirror.open_model("/models/small.safetensors");
  CHECK(mirror.opening() == "/models/small.safetensors");
  CHECK(mirror.take_commands().size() == 1);
}

TEST_CASE("A model that cannot be opened leaves the one that was there and says why") {
  Mirror mirror;
  make_ready(mirror);
  mirror.open_model("/models/cut.safetensors");
  const JobId job = std::get<OpenModel>(mirror.take_commands().at(0)).job;
  mirror.apply(Event{JobEnded{job, Outcome::kFailed, {ErrorCode::kCorrupt, "cut off", "copy it again", ""}}});
  REQUIRE(mirror.model().has_value());
  CHECK(mirror.model()->name == "small");
  CHECK(mirror.opening().empty());
  REQUIRE(mirror.notices.shown().size() == 1);
  CHECK(mirror.notices.shown()[0].kind == NoticeKind::kError);
  CHECK(mirror.notices.shown()[0].hint == "copy it again");
}

TEST_CASE("Frames show in the batch and are counted; the end brings the sprites") {
  Mirror mirror;
  make_ready(mirror);
  const JobId job = start(mirror);
  CHECK(mirror.busy());
  CHECK_FALSE(mirror.batch().has_pixels());
  mirror.apply(frame_of(job, 3, 2, 30));
  mirror.apply(frame_of(job, 4, 2, 40));
  CHECK(mirror.sampling()->previews == 2);
  CHECK(mirror.sampling()->step == 4);
  CHECK(mirror.batch().image(1).rgba[0] == 40);
  finish(mirror, job, 99);
  CHECK(mirror.sampling()->state == JobState::kDone);
  CHECK(mirror.sampling()->step == 10);
  CHECK(mirror.batch().image(0).rgba[0] == 99);
  CHECK(describe(mirror.batch().condition(0)) == "sword");
}

TEST_CASE("A frame that comes between the finished sprites and the job's end does not replace them") {
  Mirror mirror;
  make_ready(mirror);
  const JobId job = start(mirror);
  mirror.apply(Event{sprites_of(job, 2, 99, 10)});
  const auto version = mirror.batch().version;
  mirror.apply(frame_of(job, 9, 2, 1));
  CHECK(mirror.batch().image(0).rgba[0] == 99);
  CHECK(mirror.batch().version == version);
  mirror.apply(Event{JobEnded{job, Outcome::kDone, {}}});
  CHECK(mirror.batch().image(1).rgba[0] == 99);
}

TEST_CASE("What comes late from a job that has ended, or from another one, changes nothing") {
  Mirror mirror;
  make_ready(mirror);
  const JobId job = start(mirror);
  finish(mirror, job, 99);
  const auto version = mirror.batch().version;
  mirror.apply(frame_of(job, 9, 2, 1));
  mirror.apply(frame_of({job.value + 50}, 1, 2, 1));
  mirror.apply(Progress{job, 3, 10, 1, 1});
  mirror.apply(Event{JobPaused{job}});
  CHECK(mirror.batch().version == version);
  CHECK(mirror.sampling()->step == 10);
  CHECK(mirror.sampling()->state == JobState::kDone);
  CHECK(mirror.sampling()->previews == 0);
}

TEST_CASE("A frame of the wrong size is dropped") {
  Mirror mirror;
  make_ready(mirror);
  const JobId job = start(mirror);
  Frame frame = frame_of(job, 1, 2, 5);
  frame.rgba.pop_back();
  mirror.apply(frame);
  CHECK_FALSE(mirror.batch().has_pixels());
}

TEST_CASE("Discard brings the sprites from before back; keep leaves the new ones") {
  Mirror mirror;
  make_ready(mirror);
  const JobId first = start(mirror);
  finish(mirror, first, 50);

  const JobId second = start(mirror);
  mirror.apply(frame_of(second, 2, 2, 7));
  mirror.stop(CancelMode::kDiscard);
  const auto discard = std::get<CancelJob>(mirror.take_commands().at(0));
  CHECK(discard.target == second);
  CHECK(discard.mode == CancelMode::kDiscard);
  mirror.apply(Event{JobEnded{second, Outcome::kCancelled, {}}});
  CHECK(mirror.sampling()->state == JobState::kCancelled);
  CHECK(mirror.batch().job == first);
  CHECK(mirror.batch().image(0).rgba[0] == 50);

  const JobId third = start(mirror);
  mirror.apply(Event{sprites_of(third, 2, 80, 4)});
  mirror.apply(Event{JobEnded{third, Outcome::kKept, {}}});
  CHECK(mirror.sampling()->state == JobState::kDone);
  CHECK(mirror.sampling()->kept);
  CHECK(mirror.batch().image(0).rgba[0] == 80);
  CHECK(mirror.batch().step == 4);
}

TEST_CASE("A job that fails says why and brings the sprites from before back") {
  Mirror mirror;
  make_ready(mirror);
  const JobId first = start(mirror);
  finish(mirror, first, 50);
  const JobId second = start(mirror);
  mirror.apply(Event{JobEnded{second, Outcome::kFailed, {ErrorCode::kOutOfMemory, "no memory left", "make fewer sprites", ""}}});
  CHECK(mirror.sampling()->state == JobState::kFailed);
  CHECK(mirror.batch().image(0).rgba[0] == 50);
  CHECK(mirror.notices.shown().back().message == "no memory left");
}

TEST_CASE("Stop pauses until the artist chooses; going on resumes") {
  Mirror mirror;
  make_ready(mirror);
  const JobId job = start(mirror);
  mirror.pause();
  mirror.pause();
  CHECK(mirror.take_commands().size() == 1);
  CHECK(mirror.sampling()->pausing);
  mirror.apply(Event{JobPaused{job}});
  CHECK(mirror.sampling()->state == JobState::kPaused);
  CHECK(mirror.busy());
  mirror.resume();
  CHECK(std::holds_alternative<ResumeJob>(mirror.take_commands().at(0)));
  mirror.apply(Event{JobResumed{job}});
  CHECK(mirror.sampling()->state == JobState::kRunning);
}

TEST_CASE("A second Generate waits for the first to end") {
  Mirror mirror;
  make_ready(mirror);
  start(mirror);
  mirror.generate(request_of(1, 10));
  CHECK(mirror.take_commands().empty());
}

TEST_CASE("A run that follows shows the sprites from before until there are new ones") {
  Mirror mirror;
  make_ready(mirror);
  finish(mirror, start(mirror), 40);
  mirror.take_commands();
  mirror.follow(request_of(2, 3), false);
  const JobId job = std::get<StartSampling>(mirror.take_commands().at(0)).job;
  CHECK(mirror.batch().rgba == std::vector<std::uint8_t>(32, 40));
  CHECK(mirror.batch().step == 0);
  finish(mirror, job, 90);
  CHECK(mirror.batch().rgba == std::vector<std::uint8_t>(32, 90));
  mirror.follow(request_of(3, 3), false);
  CHECK_FALSE(mirror.batch().has_pixels());  // other ones than those
}

TEST_CASE("Exports carry the sprites as shown") {
  Mirror mirror;
  make_ready(mirror);
  mirror.export_sheet("/tmp/a.png", {}, false);
  CHECK(mirror.take_commands().empty());
  finish(mirror, start(mirror), 61);
  mirror.export_sheet("/tmp/a.png", {{"columns", 3}, {"atlas", "tiled"}}, true);
  mirror.export_png("/tmp/b.png", 1, {{"scale", 4}}, false);
  mirror.export_png("/tmp/b.png", 2, {{"scale", 4}}, false);
  const auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 2);
  const auto& sheet = std::get<ExportSprites>(commands[0]);
  CHECK(sheet.sprites.size() == 2);
  CHECK(sheet.sprites[1].image.rgba[0] == 61);
  CHECK(sheet.options == ParamMap{{"columns", 3}, {"atlas", "tiled"}});
  CHECK(sheet.replace);
  CHECK(sheet.sprites[1].recipe.condition == Condition{{"sword", 1}});
  const auto& single = std::get<ExportSprites>(commands[1]);
  CHECK(single.sprites.size() == 1);
  CHECK(single.options == ParamMap{{"scale", 4}});
  CHECK_FALSE(single.replace);
  CHECK(mirror.exporting.running());
  mirror.apply(Event{Exported{sheet.job, "/tmp/a.png"}});
  mirror.apply(Event{Exported{sheet.job, "/tmp/a.tsx"}});
  mirror.apply(Event{JobEnded{sheet.job, Outcome::kDone, {}}});
  CHECK(mirror.notices.shown().back().kind == NoticeKind::kDone);
  CHECK(mirror.notices.shown().back().message == "saved a.png and a.tsx in /tmp");
}

TEST_CASE("What an export would write: of several questions the last, and a refusal is no notice") {
  Mirror mirror;
  make_ready(mirror);
  finish(mirror, start(mirror), 61);
  for (const char* path : {"/tmp/a.png", "/tmp/b.png", "/tmp/c.png"}) mirror.preview_export(path, {});
  auto commands = mirror.take_commands();
  REQUIRE(commands.size() == 1);
  const JobId first = std::get<PreviewExport>(commands[0]).job;
  mirror.apply(Event{ExportPreviewed{first, {{"/tmp/a.png", 70}}, 4, 2, Image(4, 2), 1, {}}});
  mirror.apply(Event{JobEnded{first, Outcome::kDone, {}}});
  REQUIRE(mirror.exporting.previewed());
  CHECK(mirror.exporting.previewed()->files.front().bytes == 70);
  commands = mirror.take_commands();
  REQUIRE(commands.size() == 1);
  const auto& second = std::get<PreviewExport>(commands[0]);
  CHECK(std::get<ExportSprites>(second.what).path == "/tmp/c.png");
  const auto notices = mirror.notices.shown().size();
  mirror.apply(Event{JobEnded{second.job, Outcome::kFailed, {ErrorCode::kInvalidArgument, "too many colours", "fewer", ""}}});
  CHECK_FALSE(mirror.exporting.previewed());
  CHECK(mirror.exporting.problem()->message == "too many colours");
  CHECK(mirror.notices.shown().size() == notices);
}

TEST_CASE("No two jobs have one id") {
  Mirror mirror;
  make_ready(mirror);
  const JobId first = start(mirror);
  finish(mirror, first, 1);
  mirror.export_png("/tmp/b.png", 0, {}, false);
  const JobId second = std::get<ExportSprites>(mirror.take_commands().at(0)).job;
  CHECK(second.value > first.value);
}

TEST_CASE("An engine that cannot be opened is told, and asks for no more") {
  Mirror mirror;
  mirror.engine_failed({ErrorCode::kNotFound, "no engine", "install again", ""});
  mirror.open_model("/models/small.safetensors");
  CHECK(mirror.take_commands().empty());
  CHECK(mirror.notices.shown().size() == 1);
}

TEST_CASE("Notices: the same one once, the newest last, errors outlive news") {
  Notices notices;
  notices.add(NoticeKind::kInfo, "a");
  notices.add(NoticeKind::kError, "b", "c");
  notices.add(NoticeKind::kInfo, "a");
  REQUIRE(notices.shown().size() == 2);
  CHECK(notices.shown().back().message == "a");
  notices.clear_all_but_errors();
  REQUIRE(notices.shown().size() == 1);
  notices.dismiss(notices.shown()[0].id);
  CHECK(notices.shown().empty());
  for (int i = 0; i < 9; ++i) notices.add(NoticeKind::kInfo, std::to_string(i));
  CHECK(notices.shown().size() == Notices::kMost);
  CHECK(notices.shown().back().message == "8");
}

}  // namespace
}  // namespace kiln
