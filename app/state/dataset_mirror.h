#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/state/issues.h"
#include "app/state/job.h"
#include "app/state/notices.h"
#include "app/state/outgoing.h"
#include "engine/api/event.h"

namespace kiln {

// The Data tab's picture of the engine: the set of sprites that is open, what was found in it, what is done about it.
class DatasetMirror {
 public:
  // What the tab's one job at a time is for.
  enum class Work { kNone, kOpen, kCheck, kSave, kStarter, kDungeon };

  DatasetMirror(Outgoing& outgoing, Notices& notices) : outgoing_(outgoing), notices_(notices) {}

  void apply(const Event& event);
  void apply(const Progress& progress);

  // Asked by the artist; each adds commands. A set that is being read or made gives way to the one asked for last.
  void open(const SpriteSource& source);
  void set_preprocessing(const Preprocessing& preprocessing);                                         // of the set that is open
  void look_again();                                                                   // reads the set once more
  void draw_starter(const std::string& out, int size, int count, std::uint64_t seed);  // and opens it
  void fetch_dungeon(const std::string& out);                                          // and opens it
  void save_as(const std::string& out);
  void cancel();
  // Sprites as a run would see them, of one class or (empty) of all.
  void preview(const ParamMap& recipe, const std::string& class_name, std::uint64_t seed);
  // How `source`'s grid or JSON cuts its sheet.
  void show_sheet(const SpriteSource& source);
  void forget_sheet();

  // The set that is open. Before the first one the source's path is empty and there is no report.
  const SpriteSource& source() const { return source_; }
  const Preprocessing& preprocessing() const { return preprocessing_; }
  const DatasetReport* report() const { return report_ ? &*report_ : nullptr; }
  // Whether a run could train on it as it is.
  bool ready() const { return why_not_ready().empty(); }
  std::string why_not_ready() const;

  const std::vector<Issue>& issues() const { return issues_; }
  const std::vector<DatasetSprite>& sprites() const { return sprites_; }  // as fixed
  std::uint64_t version() const { return version_; }                      // another number whenever sprites() is another
  const std::vector<ClassCount>& original_classes() const { return original_classes_; }  // before renaming and leaving out

  const std::vector<DatasetSprite>& previewed() const { return previewed_; }
  std::uint64_t previewed_version() const { return previewed_version_; }
  bool previewing() const { return static_cast<bool>(preview_job_); }

  const std::optional<SheetShown>& sheet() const { return sheet_; }
  const SpriteSource& sheet_source() const { return sheet_source_; }
  std::uint64_t sheet_version() const { return sheet_version_; }
  bool is_sheet(JobId job) const { return job && job == sheet_job_; }  // whose failure the tab shows by itself
  const std::optional<Error>& sheet_error() const { return sheet_error_; }

  Work work() const { return work_; }
  bool busy() const { return work_ != Work::kNone; }
  const Job& job() const { return job_; }  // of work()
  bool is_work(JobId id) const { return busy() && id == job_.id; }
  const std::string& working_on() const { return working_on_; }
  const std::string& doing() const { return doing_; }  // what of it, in words; may be empty

 private:
  void on(const DatasetChecked& event);
  void on(const DatasetPreviewed& event);
  void on(const DatasetWritten& event);
  void on(const SheetShown& event);
  void on(const Note& event);
  void on(const JobEnded& event);
  template <class Other>
  void on(const Other&) {}

  JobId begin(Work work, std::string on_what);
  void check(Work work, const SpriteSource& source, const Preprocessing& preprocessing);

  Outgoing& outgoing_;
  Notices& notices_;

  SpriteSource source_;
  Preprocessing preprocessing_;
  std::optional<DatasetReport> report_;
  std::vector<Issue> issues_;
  std::vector<DatasetSprite> sprites_;
  std::vector<ClassCount> original_classes_;
  std::uint64_t version_ = 0;

  Work work_ = Work::kNone;
  Job job_;
  std::string working_on_, doing_;
  SpriteSource asked_source_;  // of the check under way
  Preprocessing asked_preprocessing_;
  std::string written_;  // a set that was made and is to be opened

  JobId preview_job_;
  std::vector<DatasetSprite> previewed_;
  std::uint64_t previewed_version_ = 0;

  JobId sheet_job_;
  SpriteSource sheet_source_;
  std::optional<SheetShown> sheet_;
  std::optional<Error> sheet_error_;
  std::uint64_t sheet_version_ = 0;
};

}  // namespace kiln
