#include "engine/training/run_folder.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <nlohmann/json.hpp>

#include "engine/base/error.h"
#include "engine/base/file.h"
#include "engine/base/text.h"
#include "engine/training/checkpoint.h"
#include "engine/training/metrics_file.h"
#include "engine/training/recipe.h"
#include "engine/training/run_record.h"
#include "engine/training/strip_file.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

fs::path lock_file(const fs::path& run) { return run / ".lock"; }
fs::path state_file(const fs::path& run) { return run / "run.json"; }

bool is_leftover(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.starts_with(".kiln-") && name.ends_with(".tmp");
}

void remove_leftovers_in(const fs::path& folder) {
  std::error_code error;
  std::vector<fs::path> found;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (is_leftover(entry.path())) found.push_back(entry.path());
  }
  for (const auto& file : found) fs::remove(file, error);
}

std::int64_t seconds_since_1970(fs::file_time_type time) {
  const auto system = std::chrono::file_clock::to_sys(time);
  return std::chrono::duration_cast<std::chrono::seconds>(system.time_since_epoch()).count();
}

std::int64_t newest_change(const fs::path& run) {
  std::int64_t newest = 0;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(run, error)) {
    const auto written = fs::last_write_time(entry.path(), error);
    if (!error && entry.path() != lock_file(run)) newest = std::max(newest, seconds_since_1970(written));
  }
  return newest;
}

// The file's JSON; discarded where it cannot be read.
json read_json(const fs::path& file) {
  try {
    return json::parse(read_text(file), nullptr, false);
  } catch (const Failure&) {
    return json(json::value_t::discarded);
  }
}

std::string text_at(const json& object, const char* key) {
  return object.is_object() && object.contains(key) && object[key].is_string() ? object[key].get<std::string>() : "";
}

// Locks of open files: of one process, too, only one has the folder, and asking for who has it takes it from nobody.
struct flock whole_file() {
  struct flock lock {};
  lock.l_type = F_WRLCK;
  lock.l_whence = SEEK_SET;
  return lock;
}

}  // namespace

fs::path run_folder_of(const std::string& out) { return fs::path(out).replace_extension(".run"); }

RunLock::RunLock(fs::path run) : run_(std::move(run)) {
  check_writable(metrics_file(run_));
  descriptor_ = ::open(lock_file(run_).c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  struct flock lock = whole_file();
  if (descriptor_ >= 0 && ::fcntl(descriptor_, F_OFD_SETLK, &lock) != 0 && (errno == EAGAIN || errno == EACCES)) {
    ::close(descriptor_);
    throw Failure(ErrorCode::kInvalidArgument, "“" + run_.string() + "” is being trained already",
                  "wait for it, or choose another name for the model");
  }
}

RunLock::~RunLock() {
  std::error_code error;
  if (descriptor_ >= 0) fs::remove(lock_file(run_), error);
  fs::remove(run_, error);  // stays unless it is empty: nothing came of the run
  if (descriptor_ >= 0) ::close(descriptor_);
}

bool RunLock::is_held(const fs::path& run) {
  const int descriptor = ::open(lock_file(run).c_str(), O_RDONLY | O_CLOEXEC);  // who may only read may ask, too
  if (descriptor < 0) return false;
  struct flock lock = whole_file();
  const bool held = ::fcntl(descriptor, F_OFD_GETLK, &lock) == 0 && lock.l_type != F_UNLCK;
  ::close(descriptor);
  return held;
}

void remove_leftovers(const fs::path& run) {
  remove_leftovers_in(run);
  remove_leftovers_in(run / "strips");
}

void remove_run_files(const fs::path& run, bool checkpoints) {
  remove_leftovers(run);
  trim_strips(run, -1);
  std::error_code error;
  fs::remove(run / "strips", error);  // unless something else is in it
  for (const auto& file : {metrics_file(run), best_file(run), now_file(run), evaluation_picture(run), state_file(run),
                           change_file(run), taken_change_file(run)})
    fs::remove(file, error);
  if (!checkpoints) return;
  for (const auto& [step, path] : list_checkpoints(run)) fs::remove(path, error);
}

void remove_run(const fs::path& run) {
  remove_run_files(run, true);
  std::error_code error;
  for (const auto& file : {recipe_file(run), data_file(run), lock_file(run)}) fs::remove(file, error);
  fs::remove(run, error);
}

void write_run_state(const fs::path& run, RunState state, std::int64_t step, std::int64_t total, const std::string& model) {
  const json document = {{"state", run_state_name(state)}, {"step", step}, {"total", total}, {"model", model}};
  write_file(state_file(run), document.dump(2, ' ', false, json::error_handler_t::replace));
}

bool is_run(const fs::path& folder) {
  std::error_code error;
  return fs::is_regular_file(recipe_file(folder), error) &&
         (fs::exists(state_file(folder), error) || !list_checkpoints(folder).empty());
}

RunInfo run_info(const fs::path& run) {
  if (!is_run(run))
    throw Failure(ErrorCode::kNotFound, "“" + run.string() + "” is no folder of a training run", "choose one that ends in .run");
  RunInfo info;
  info.path = run.string();
  info.name = run.has_filename() ? run.filename().string() : run.parent_path().filename().string();
  info.validation_loss = std::numeric_limits<double>::quiet_NaN();
  info.changed = newest_change(run);
  info.writable = ::access(run.c_str(), W_OK | X_OK) == 0;
  if (const json state = read_json(state_file(run)); text_at(state, "state") == run_state_name(RunState::kFinished))
    info.state = RunState::kFinished;
  if (const auto checkpoints = list_checkpoints(run); !checkpoints.empty()) info.step = checkpoints.front().first;
  const auto metrics = read_metrics(metrics_file(run));
  for (auto line = metrics.rbegin(); line != metrics.rend() && std::isnan(info.validation_loss); ++line)
    info.validation_loss = line->validation_loss;
  if (const json recipe = read_json(recipe_file(run));
      recipe.is_object() && recipe.contains("steps") && recipe["steps"].is_number_integer())
    info.total = recipe["steps"].get<std::int64_t>();
  try {
    const RunRecord record = record_from_json(read_text(data_file(run)), "data.json");
    info.data = record.source.path;
    info.model = record.out;
  } catch (const Failure&) {
  }
  if (RunLock::is_held(run)) {
    info.state = RunState::kRunning;
    if (!metrics.empty()) info.step = std::max(info.step, metrics.back().step);
  } else if (info.step < info.total) {
    info.state = RunState::kStopped;
  }
  return info;
}

}  // namespace kiln
