#include "tests/engine/session/support.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <fstream>
#include <map>
#include <sstream>
#include <utility>

#include "tests/support/source_folder.h"

using namespace kiln;
using namespace kiln::test;

namespace {

// A pipe that holds up whoever writes a file there, until it is released and swallows everything.
class StuckPipe {
 public:
  explicit StuckPipe(std::string path) : path_(std::move(path)) { REQUIRE(::mkfifo(path_.c_str(), 0600) == 0); }
  ~StuckPipe() { release(); }
  StuckPipe(const StuckPipe&) = delete;
  StuckPipe& operator=(const StuckPipe&) = delete;

  const std::string& path() const { return path_; }
  void release() {
    if (reader_.joinable()) return;
    const int pipe = ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    reader_ = std::jthread([pipe](const std::stop_token& stop) {
      std::array<char, 4096> bytes;
      for (pollfd filled{pipe, POLLIN, 0}; !stop.stop_requested(); ::poll(&filled, 1, 10)) {
        while (::read(pipe, bytes.data(), bytes.size()) > 0) {
        }
      }
      ::close(pipe);
    });
  }

 private:
  std::string path_;
  std::jthread reader_;
};

// A run that holds up whoever asks whether it goes on, by a lease on its lock file, until it is released.
class StuckRun {
 public:
  explicit StuckRun(const fs::path& run) {
    fs::create_directories(run);
    for (const char* file : {"recipe.json", "run.json", ".lock"}) std::ofstream(run / file) << "{}";
    std::signal(SIGIO, SIG_IGN);  // tells that somebody waits
    descriptor_ = ::open((run / ".lock").c_str(), O_RDONLY | O_CLOEXEC);
    holds_ = ::fcntl(descriptor_, F_SETLEASE, F_WRLCK) == 0;
  }
  ~StuckRun() { release(); }
  StuckRun(const StuckRun&) = delete;
  StuckRun& operator=(const StuckRun&) = delete;

  bool holds() const { return holds_; }  // not every file system can
  void release() {
    if (descriptor_ >= 0) ::close(std::exchange(descriptor_, -1));
  }

 private:
  int descriptor_;
  bool holds_;
};

void finish(Listener& engine, JobId job, Outcome outcome = Outcome::kDone) {
  REQUIRE(engine.wait_for_end(job));
  INFO(engine.ended(job)->error.message, " ", engine.ended(job)->error.detail);
  REQUIRE(engine.ended(job)->outcome == outcome);
}

// How many threads of this program have which nice value.
std::map<int, int> nice_values() {
  std::map<int, int> found;
  for (const auto& task : fs::directory_iterator("/proc/self/task")) {
    std::ifstream file(task.path() / "stat");
    std::string text((std::istreambuf_iterator<char>(file)), {});
    std::istringstream rest(text.substr(text.rfind(')') + 1));
    std::string field;
    for (int i = 3; i < 19 && rest >> field; ++i) {
    }
    int nice = 0;
    if (rest >> nice) ++found[nice];
  }
  return found;
}

}  // namespace

TEST_CASE("sprites come while a checkpoint is imported, or a sheet or an animation written") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  const std::string checkpoint = (source_folder() / "tests/golden/parity/sprite_unet_16.pth").string();
  Listener engine;
  StuckPipe imported(folder / "imported"), sheet(folder / "sheet"), fade(folder / "fade.gif");
  const Frame frame{{}, 1, 1, 16, 16, 1, std::vector<std::uint8_t>(16 * 16 * 4, 255)};
  const auto sprites_come = [&](JobId slow, Command command, StuckPipe& pipe) {
    const JobId sampling{slow.value + 1};
    engine.send(std::move(command));
    engine.send(StartSampling{sampling, request_for(model, 2)});
    finish(engine, sampling);
    CHECK(engine.ended(slow) == nullptr);
    pipe.release();
    finish(engine, slow);
    CHECK(engine.find<Exported>(slow) != nullptr);
  };
  sprites_come({1}, ImportCheckpoint{{1}, checkpoint, imported.path(), "", {}, {}}, imported);
  sprites_come({3}, ExportSprites{{3}, sheet.path(), {{Image(16, 16), {}}}, {}, {}, false}, sheet);
  sprites_come({5}, ExportAnimation{{5}, fade.path(), {frame, frame}}, fade);
}

TEST_CASE("a file that is being written when its job is cancelled is written, and the job ends once") {
  const TemporaryFolder folder;
  Listener engine;
  StuckPipe sheet(folder / "sheet");
  engine.send(ExportSprites{{1}, sheet.path(), {{Image(16, 16), {}}}, {}, {}, false});
  engine.send(StartSampling{{2}, request_for(make_model_file(folder), 2)});
  finish(engine, {2});
  engine.send(CancelJob{{1}, CancelMode::kDiscard});
  sheet.release();
  REQUIRE(engine.wait_for_end({1}));
  engine.send(OpenModel{{3}, folder / "none.safetensors"});
  finish(engine, {3}, Outcome::kFailed);
  CHECK(engine.count_ends({1}) == 1);
  CHECK((engine.ended({1})->outcome == Outcome::kCancelled) == (engine.find<Exported>({1}) == nullptr));
}

TEST_CASE("a job that reads is cancelled at once, says nothing any more, and holds up no other") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  StuckRun run(folder / "runs/a.run");
  if (!run.holds()) return;
  engine.send(ListRuns{{1}, folder / "runs"});
  engine.send(StartSampling{{2}, request_for(model, 1)});
  finish(engine, {2});  // the list is under way by now
  engine.send(OpenModel{{3}, model});
  engine.send(OpenModel{{4}, model});
  engine.send(CancelJob{{4}, CancelMode::kDiscard});
  finish(engine, {4}, Outcome::kCancelled);  // it had not begun
  engine.send(CancelJob{{1}, CancelMode::kDiscard});
  finish(engine, {1}, Outcome::kCancelled);
  finish(engine, {3});
  run.release();
  engine.send(OpenModel{{5}, model});
  finish(engine, {5});
  CHECK(engine.count_ends({1}) == 1);
  CHECK(engine.find<RunsListed>({1}) == nullptr);
}

TEST_CASE("a job that cannot even be made ends as failed, once, and the engine goes on") {
  const TemporaryFolder folder;
  Listener engine;
  PreviewDataset preview;
  preview.job = {1};
  preview.source.path = make_data_folder(folder);
  preview.recipe = {{"no such key", 1.0}};
  engine.send(preview);
  finish(engine, {1}, Outcome::kFailed);
  CHECK(engine.ended({1})->error.message.find("no such key") != std::string::npos);
  preview.job = {2};
  preview.recipe = {};
  engine.send(preview);
  finish(engine, {2});
  CHECK(engine.count_ends({1}) == 1);
}

TEST_CASE("finished sprites leave no frame behind") {
  const TemporaryFolder folder;
  std::atomic<int> news = 0;
  EngineSession engine({[&] {
                          ++news;
                          news.notify_all();
                        },
                        false});
  engine.send(StartSampling{{1}, request_for(make_model_file(folder), 2)});
  for (bool ready = false; !ready;) {
    const int seen = news;
    for (const auto& event : engine.take_events()) ready = ready || std::holds_alternative<SpritesReady>(event);
    if (!ready) news.wait(seen);
  }
  CHECK(engine.take_frames().empty());
}

TEST_CASE("beside a window, sampling is just behind it and training behind all") {
  const TemporaryFolder folder;
  const auto before = nice_values();
  REQUIRE(before.size() == 1);
  const int own = before.begin()->first;
  if (own > 0) return;  // the tests themselves run behind others
  Listener engine(true);
  TrainRequest train;
  train.source.path = make_data_folder(folder);
  train.out = folder / "mine.safetensors";
  train.threads = 3;
  train.overrides = {
      {"width", std::int64_t{16}}, {"blocks", std::int64_t{1}}, {"batch", std::int64_t{12}}, {"sample_every", std::int64_t{0}}};
  engine.send(StartTraining{{1}, train});
  REQUIRE(engine.wait([&] { return engine.find<TrainingStarted>({1}) != nullptr; }));
  engine.send(PauseJob{{1}});
  SampleRequest request = request_for(make_model_file(folder), 4);
  request.settings.shared_params["steps"] = 1000;
  request.settings.shared_params["threads"] = 3;
  engine.send(StartSampling{{2}, request});
  REQUIRE(engine.wait([&] { return !engine.frames.empty(); }));
  const auto now = nice_values();
  engine.send(CancelJob{{2}, CancelMode::kDiscard});
  engine.send(CancelJob{{1}, CancelMode::kDiscard});
  finish(engine, {1}, Outcome::kCancelled);
  int waited_for = 0;
  for (const auto& [nice, threads] : now) waited_for += nice > own && nice <= 5 ? threads : 0;
  CHECK(waited_for >= 1 + 2);  // the engine's, and the sampler's two others
  REQUIRE(now.contains(19));
  CHECK(now.at(19) >= 1 + 2);  // the training's, and its two others
}
