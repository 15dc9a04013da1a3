#include <algorithm>
#include <filesystem>
#include <optional>

#include "engine/base/paths.h"
#include "engine/base/text.h"
#include "engine/base/work_folder.h"
#include "engine/formats/class_folder_writer.h"
#include "engine/session/child_process.h"
#include "engine/session/jobs/make_job.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

// Lets a script fetch the tiles as class folders, then converts those.
class DungeonJob : public Job {
 public:
  DungeonJob(FetchDungeonSet command, const JobContext& context)
      : command_(std::move(command)), models_(context.models), outbox_(context.outbox) {}

  bool step() override {
    if (convert_) return convert_step();
    if (!script_) {
      begin();
      return true;
    }
    const auto status = script_->poll();
    for (const auto& line : script_->take_lines()) hear(line);
    if (!status) return true;
    if (*status != 0) {
      if (error_.message.empty()) error_ = {ErrorCode::kInternal, "the tiles could not be fetched", "the log says why", ""};
      error_.detail = said_;
      throw Failure(error_);
    }
    Preprocessing preprocessing;
    preprocessing.drop_empty = preprocessing.drop_duplicates = true;
    SpriteSource source;
    source.path = tiles().string();
    convert_ = make_job(ConvertDataset{command_.job, std::move(source), std::move(preprocessing), command_.out},
                        JobContext{models_, converted_, {}});
    return true;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  // While the script is at work there is little to do but wait.
  Priority priority() const override { return convert_ ? Priority::kUtility : Priority::kBackground; }

 private:
  // Fetching takes about that much of the time on a usual line.
  static constexpr std::int64_t kFetched = 600, kWhole = 1000;

  fs::path tiles() const { return folder_->path() / "tiles"; }

  void begin() {
    const ClassFolderWriter checked{command_.out};  // says no before anything is downloaded
    folder_.emplace();
    const fs::path script = share_folder() / "resources" / "datasets" / "dungeon32.sh";
    script_.emplace(
        std::vector<std::string>{"env", "TMPDIR=" + folder_->path().string(), "bash", script.string(), tiles().string()});
  }

  // A line of the script, which tells what they are.
  void hear(const std::string& line) {
    const std::string word = line.substr(0, line.find(' ')), rest = line.substr(std::min(line.size(), word.size() + 1));
    if (word == "doing") {
      outbox_.send(Note{command_.job, rest, ""});
    } else if (word == "progress") {
      outbox_.show(Progress{command_.job, parse_int(rest).value_or(0) * kFetched / 100, kWhole, 0, -1});
    } else if (word == "note") {
      notes_.push_back(rest);
    } else if (word == "error") {
      error_ = {ErrorCode::kNotFound, rest, "", ""};
    } else if (word == "hint") {
      error_.hint = rest;
    } else {
      said_ += line + "\n";
    }
  }

  bool convert_step() {
    const bool more = convert_->step();
    for (const auto& progress : converted_.progress.take_all()) {
      const auto done = progress.total > 0 ? progress.step * (kWhole - kFetched) / progress.total : 0;
      outbox_.show(Progress{command_.job, kFetched + done, kWhole, 0, -1});
    }
    for (auto& event : converted_.events.take_all()) {
      if (auto* written = std::get_if<DatasetWritten>(&event))
        written->notes.insert(written->notes.begin(), notes_.begin(), notes_.end());
      outbox_.send(std::move(event));
    }
    return more;
  }

  FetchDungeonSet command_;
  ModelCache& models_;
  Outbox& outbox_;
  std::optional<WorkFolder> folder_;
  std::optional<ChildProcess> script_;  // after the folder: ends before that goes
  Error error_;
  std::string said_;
  std::vector<std::string> notes_;
  Outbox converted_{{}};
  std::shared_ptr<Job> convert_;
};

}  // namespace

std::shared_ptr<Job> make_job(FetchDungeonSet command, const JobContext& context) {
  return std::make_shared<DungeonJob>(std::move(command), context);
}

}  // namespace kiln
