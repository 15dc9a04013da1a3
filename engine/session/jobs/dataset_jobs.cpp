#include "engine/session/jobs/make_job.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>

#include "engine/data/report.h"
#include "engine/formats/class_folder_writer.h"
#include "engine/formats/set_file.h"
#include "engine/pixelart/starter.h"
#include "engine/session/jobs/collection_job.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kWrittenAStep = 16;

class CheckJob : public CollectionJob {
 public:
  CheckJob(CheckDataset command, Outbox& outbox)
      : CollectionJob(command.job, std::move(command.source), std::move(command.preprocessing), outbox) {}

 private:
  void after_reading() override { report_.emplace(collection_, source_.path); }
  bool own_step() override {
    if (show_step(*report_)) return true;
    outbox_.send(DatasetChecked{job_, report_->take(), std::move(collection_.sprites)});
    return false;
  }

  std::optional<ReportWork> report_;
};

// Whether `inner` is `outer` or lies in it.
bool lies_in(const fs::path& inner, const fs::path& outer) {
  std::error_code error;
  const fs::path relative = fs::weakly_canonical(inner, error).lexically_relative(fs::weakly_canonical(outer, error));
  return !error && !relative.empty() && *relative.begin() != "..";
}

std::vector<ClassCount> sorted_counts(const std::map<std::string, int>& counts) {
  std::vector<ClassCount> sorted;
  for (const auto& [name, count] : counts) sorted.push_back({name, count});
  return sorted;
}

// Where the place within a sheet or an array begins: "sheet.png@3,1", "set.npy[17]"; npos for a plain file.
std::size_t place_in(const std::string& file) {
  const auto mark = file.find_last_of("@[");
  if (mark == std::string::npos) return mark;
  const auto last = file.find_first_not_of("0123456789,", mark + 1);
  const bool cell = file[mark] == '@' && last == std::string::npos && file.find(',', mark) != std::string::npos;
  const bool row = file[mark] == '[' && last == file.size() - 1 && file.back() == ']';
  return cell || row ? mark : std::string::npos;
}

// "potion/blue/small.png" → "blue-small", "sheet.png@3,1" → "sheet-3-1", "set.npy[17]" → "set-17"
std::string stem_of(const std::string& file) {
  const auto place = place_in(file);
  std::string name = file.substr(0, place);
  name = name.substr(name.find('/') + 1);  // the class has a folder of its own
  if (const auto dot = name.rfind('.'); dot != std::string::npos && dot > 0) name = name.substr(0, dot);
  if (place != std::string::npos) name.append("-").append(file, place + 1, file.find_last_not_of(']') - place);
  for (char& c : name) c = c == '/' || c == ',' ? '-' : c;
  return name;
}

// Classes as the folders that they are written into are named.
std::vector<std::string> names_of_folders(std::vector<std::string> classes) {
  for (auto& name : classes) name = as_file_name(name);
  return classes;
}

class ConvertJob : public CollectionJob {
 public:
  ConvertJob(ConvertDataset command, Outbox& outbox)
      : CollectionJob(command.job, std::move(command.source), std::move(command.preprocessing), outbox),
        out_(std::move(command.out)) {}

 private:
  void before_reading() override {
    if (fs::is_directory(source_.path) && lies_in(out_, source_.path)) {
      throw Failure(ErrorCode::kInvalidArgument, "“" + out_ + "” lies in the folder that is read", "choose a folder beside it");
    }
    writer_.emplace(out_);
  }

  void after_reading() override {
    has_parts_ = std::any_of(collection_.sprites.begin(), collection_.sprites.end(),
                             [](const DatasetSprite& sprite) { return sprite.held_out; });
    if (!collection_.sprites.empty()) return;
    const auto& bad = collection_.left_out;
    throw Failure(ErrorCode::kUnsupported, "no sprite is left to write" + (bad.empty() ? "" : ": " + bad.front().error.message),
                  bad.empty() ? "choose fewer fixes" : bad.front().error.hint);
  }

  bool own_step() override {
    auto& sprites = collection_.sprites;
    for (const auto until = std::min(next_ + kWrittenAStep, sprites.size()); next_ < until; ++next_) {
      const auto& sprite = sprites[next_];
      const char* part = !has_parts_ ? "" : sprite.held_out ? "val" : "train";
      const std::string file = writer_->add(sprite.class_name, stem_of(sprite.file), sprite.image, part);
      if (sprite.frame >= 0) set_file_.frames[file] = sprite.frame;
      ++counts_[as_file_name(sprite.class_name)];
    }
    progress_.show(static_cast<std::int64_t>(next_), static_cast<std::int64_t>(sprites.size()));
    if (next_ < sprites.size()) return true;
    set_file_.flip_classes = names_of_folders(collection_.flip_classes);
    if (set_file_ != SetFile()) writer_->add_text(kSetFileName, set_file_text(set_file_));
    writer_->finish();
    if (has_parts_)
      collection_.notes.emplace_back("written in two parts, train and val: “val” can be put aside for measuring again");
    outbox_.send(DatasetWritten{job_, out_, sorted_counts(counts_), collection_.left_out, collection_.notes});
    return false;
  }

  std::string out_;
  std::optional<ClassFolderWriter> writer_;
  SetFile set_file_;
  bool has_parts_ = false;  // some sprites are put aside
  std::size_t next_ = 0;
  std::map<std::string, int> counts_;
};

class StarterJob : public Job {
 public:
  StarterJob(DrawStarterSet command, Outbox& outbox)
      : command_(std::move(command)),
        outbox_(outbox),
        progress_(command_.job, 1, outbox),
        classes_(command_.animated ? animated_starter_classes() : starter_classes()) {}

  bool step() override {
    if (!writer_) {
      if (command_.count < 1 || command_.count > 100'000) {
        throw Failure(ErrorCode::kInvalidArgument, std::to_string(command_.count) + " sprites of a class cannot be drawn",
                      "choose from 1 to 100000");
      }
      begin_class();
      writer_.emplace(command_.out);
      return true;
    }
    for (std::size_t i = 0; i < kWrittenAStep && drawn_ < command_.count; ++i, ++drawn_) write(series_->next_frames());
    const auto count = static_cast<std::int64_t>(command_.count);
    progress_.show(static_cast<std::int64_t>(class_) * count + drawn_, static_cast<std::int64_t>(classes_.size()) * count);
    if (drawn_ < command_.count) return true;
    if (++class_ < classes_.size()) {
      begin_class();
      return true;
    }
    if (!set_file_.frames.empty()) writer_->add_text(kSetFileName, set_file_text(set_file_));
    writer_->finish();
    std::vector<ClassCount> counts;
    for (const auto& name : classes_) counts.push_back({name, written_[name]});
    outbox_.send(DatasetWritten{command_.job, command_.out, std::move(counts), {}, {}});
    return false;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  Priority priority() const override { return Priority::kUtility; }
  void resumed() override { progress_.restart(); }

 private:
  void begin_class() {
    series_.emplace(classes_[class_], command_.size, command_.seed);
    drawn_ = 0;
  }
  void write(const std::vector<Image>& frames) {
    const std::string& name = classes_[class_];
    written_[name] += static_cast<int>(frames.size());
    for (std::size_t frame = 0; frame < frames.size(); ++frame) {
      const bool animated = frames.size() > 1;
      std::string stem = number_text(drawn_);
      if (animated) stem.append("-").append(std::to_string(frame + 1));
      const std::string file = writer_->add(name, stem, frames[frame]);
      if (animated) set_file_.frames[file] = static_cast<int>(frame);
    }
  }
  static std::string number_text(int number) {
    const std::string digits = std::to_string(number);
    return std::string(digits.size() < 5 ? 5 - digits.size() : 0, '0') + digits;
  }

  DrawStarterSet command_;
  Outbox& outbox_;
  StageProgress progress_;
  std::vector<std::string> classes_;
  std::optional<StarterSeries> series_;
  std::optional<ClassFolderWriter> writer_;
  SetFile set_file_;
  std::map<std::string, int> written_;  // sprites of each class
  std::size_t class_ = 0;
  int drawn_ = 0;
};

}  // namespace

std::shared_ptr<Job> make_job(CheckDataset command, const JobContext& context) {
  return std::make_shared<CheckJob>(std::move(command), context.outbox);
}
std::shared_ptr<Job> make_job(ConvertDataset command, const JobContext& context) {
  return std::make_shared<ConvertJob>(std::move(command), context.outbox);
}
std::shared_ptr<Job> make_job(DrawStarterSet command, const JobContext& context) {
  return std::make_shared<StarterJob>(std::move(command), context.outbox);
}

}  // namespace kiln
