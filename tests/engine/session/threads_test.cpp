#include "tests/engine/session/support.h"

#include <doctest/doctest.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <map>
#include <sstream>

using namespace kiln;
using namespace kiln::test;

namespace {

// A file that holds up whoever opens it, until it is released.
class StuckFile {
 public:
  explicit StuckFile(std::string path) : path_(std::move(path)) { REQUIRE(::mkfifo(path_.c_str(), 0600) == 0); }
  ~StuckFile() {
    release();
    ::close(descriptor_);
  }
  StuckFile(const StuckFile&) = delete;
  StuckFile& operator=(const StuckFile&) = delete;

  const std::string& path() const { return path_; }
  void release() {
    if (descriptor_ < 0) descriptor_ = ::open(path_.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
  }

 private:
  std::string path_;
  int descriptor_ = -1;
};

void finish(Listener& engine, JobId job, Outcome outcome = Outcome::kDone) {
  REQUIRE(engine.wait_for_end(job));
  INFO(engine.ended(job)->error.message, " ", engine.ended(job)->error.detail);
  REQUIRE(engine.ended(job)->outcome == outcome);
}

ImportCheckpoint import_of(std::uint64_t job, const StuckFile& file, const TemporaryFolder& folder) {
  return {{job}, file.path(), folder / "imported.safetensors", "", {}, {}};
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

TEST_CASE("sprites come while a checkpoint is read, a sheet is written or a model is opened") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  StuckFile checkpoint(folder / "stuck.pth"), sheet(folder / "stuck.png"), other(folder / "stuck.safetensors");
  const auto sprites_come = [&](std::uint64_t slow, Command command, StuckFile& file) {
    engine.send(std::move(command));
    engine.send(StartSampling{{slow + 1}, request_for(model, 2)});
    finish(engine, {slow + 1});
    CHECK(engine.ended({slow}) == nullptr);
    file.release();
    REQUIRE(engine.wait_for_end({slow}));
  };
  sprites_come(1, import_of(1, checkpoint, folder), checkpoint);
  sprites_come(3, ExportSheet{{3}, sheet.path(), {Image(16, 16)}, 0, 0, 1}, sheet);
  sprites_come(5, OpenModel{{5}, other.path()}, other);
  CHECK(engine.ended({3})->outcome == Outcome::kDone);
}

TEST_CASE("a cancelled import ends at once, writes and says nothing any more, and holds up no other job") {
  const TemporaryFolder folder;
  const std::string model = make_model_file(folder);
  Listener engine;
  StuckFile checkpoint(folder / "stuck.pth");
  engine.send(import_of(1, checkpoint, folder));
  engine.send(StartSampling{{2}, request_for(model, 1)});
  finish(engine, {2});  // the import is under way by now
  engine.send(OpenModel{{3}, model});
  engine.send(OpenModel{{4}, model});
  engine.send(CancelJob{{4}, CancelMode::kDiscard});
  finish(engine, {4}, Outcome::kCancelled);  // it had not begun
  engine.send(CancelJob{{1}, CancelMode::kDiscard});
  finish(engine, {1}, Outcome::kCancelled);
  finish(engine, {3});
  checkpoint.release();
  engine.send(OpenModel{{5}, model});
  finish(engine, {5});
  CHECK(engine.count_ends({1}) == 1);
  CHECK(engine.find<Report>({1}) == nullptr);
  CHECK_FALSE(fs::exists(folder / "imported.safetensors"));
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
  request.settings.steps = 1000;
  request.settings.threads = 3;
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
