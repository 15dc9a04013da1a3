#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "app/state/issues.h"
#include "app/state/job_status.h"
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

  void apply(Event& event);  // takes the content of its own
  void apply(const Progress& progress) {
    if (busy()) job_.take(progress);
  }
  void engine_failed();  // nothing that waits will be done

  // Asked by the artist; each adds commands. A set that is being read or made gives way to the one asked for last.
  void open(const SpriteSource& source);
  void set_preprocessing(const Preprocessing& preprocessing);                                         // of the set that is open
  void draw_starter(const std::string& out, int size, int count, std::uint64_t seed, bool animated);  // and opens it
  void fetch_dungeon(const std::string& out);                                                         // and opens it
  void save_as(const std::string& out);
  void cancel();
  // Sprites as a run with this recipe would see them, of one class or (empty) of all. Asks only for others than were asked for
  // last.
  void preview(const ParamMap& recipe, const std::string& class_name, std::uint64_t seed);
  // How `source`'s grid or JSON cuts its sheet.
  void show_sheet(const SpriteSource& source);

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
  std::uint64_t sheet_version() const { return sheet_version_; }
  bool is_sheet(JobId job) const { return job && job == sheet_job_; }  // whose failure the tab shows by itself
  const std::optional<Error>& sheet_error() const { return sheet_error_; }

  Work work() const { return work_; }
  bool busy() const { return work_ != Work::kNone; }
  const JobStatus& job() const { return job_; }  // of work()
  bool is_work(JobId id) const { return busy() && id == job_.id; }
  const std::string& doing() const { return doing_; }  // what of it, in words; may be empty

 private:
  void on(DatasetChecked&& event);
  void on(DatasetPreviewed&& event);
  void on(const DatasetWritten& event);
  void on(SheetShown&& event);
  void on(Note&& event);
  void on(const JobEnded& event);
  template <class Other>
  void on(const Other&) {}

  JobId begin(Work work);
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
  JobStatus job_;
  std::string doing_;
  SpriteSource asked_source_;  // of the check under way
  Preprocessing asked_preprocessing_;
  std::string written_;  // a set that was made and is to be opened

  JobId preview_job_;
  struct Preview {
    std::uint64_t version = 0;
    ParamMap recipe;
    std::string class_name;
    std::uint64_t seed = 0;
    friend bool operator==(const Preview&, const Preview&) = default;
  };
  Preview asked_preview_;
  std::vector<DatasetSprite> previewed_;
  std::uint64_t previewed_version_ = 0;

  JobId sheet_job_;
  std::optional<SheetShown> sheet_;
  std::optional<Error> sheet_error_;
  std::uint64_t sheet_version_ = 0;
};

}  // namespace kiln
