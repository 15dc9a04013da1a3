#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "engine/base/file.h"
#include "engine/base/paths.h"
#include "engine/base/sha256.h"
#include "engine/formats/archive.h"
#include "engine/formats/class_folder_writer.h"
#include "engine/formats/image_file.h"
#include "engine/formats/tile_mapping.h"
#include "engine/pixelart/alpha.h"
#include "engine/pixelart/crop.h"
#include "engine/session/apt_source.h"
#include "engine/session/jobs/make_job.h"

namespace kiln {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPackage = "crawl";
constexpr std::string_view kTiles = "/source/rltiles/";
constexpr int kSide = 32;
constexpr int kEntriesAStep = 64;

// "crawl_0.28.0.orig.tar.xz" → "0.28.0"
std::string version_of(const fs::path& archive) {
  const std::string name = archive.filename().string();
  const auto from = name.find('_') + 1, to = name.find(".orig", from);
  return to == std::string::npos ? name : name.substr(from, to - from);
}

// Fetch, then read tile by tile.
class DungeonJob : public Job {
 public:
  DungeonJob(FetchDungeonSet command, Outbox& outbox) : command_(std::move(command)), outbox_(outbox) {}

  bool step() override {
    if (!writer_) {
      const auto path = share_folder() / "resources" / "datasets" / "dungeon32.txt";
      mapping_.emplace(read_text(path), path.filename().string());
      writer_.emplace(command_.out);  // before anything is downloaded
      fetch_.emplace(kPackage);
    }
    if (!archive_) {
      const bool more = fetch_->step();
      tell(fetch_->doing());
      show(fetch_->doing() == "fetching the source package" ? kLists : 0,
           fetch_->doing() == "fetching the source package" ? kTilesBegin - kLists : kLists, fetch_->part());
      if (more) return true;
      archive_.emplace(fetch_->archive());
      tell("reading the tiles");
      return true;
    }
    for (int i = 0; i < kEntriesAStep; ++i) {
      const auto name = archive_->next();
      if (!name) {
        finish();
        return false;
      }
      take(*name);
    }
    show(kTilesBegin, kWhole - kTilesBegin,
         static_cast<double>(archive_->bytes_read()) / static_cast<double>(std::max<std::int64_t>(1, archive_->bytes())));
    return true;
  }
  Outcome cancel(CancelMode) override { return Outcome::kCancelled; }
  // While apt is at work there is little to do but wait.
  Priority priority() const override { return archive_ ? Priority::kUtility : Priority::kBackground; }

 private:
  // Parts of the whole, as long as they take on a usual line.
  static constexpr std::int64_t kLists = 350, kTilesBegin = 600, kWhole = 1000;

  void show(std::int64_t from, std::int64_t length, double part) {
    outbox_.show(Progress{command_.job, from + static_cast<std::int64_t>(part * static_cast<double>(length)), kWhole, 0, -1});
  }
  void tell(const std::string& doing) {
    if (doing != told_) outbox_.send(Note{command_.job, doing, ""});
    told_ = doing;
  }

  void take(const std::string& name) {
    const auto tiles = name.find(kTiles);
    if (tiles == std::string::npos || !name.ends_with(".png")) return;
    const fs::path file(name.substr(tiles + kTiles.size()));
    const std::string folder = file.parent_path().generic_string(), stem = file.stem().string();
    if (stem.starts_with('.')) return;
    const std::string class_name = mapping_->class_of(folder, stem);
    if (class_name.empty()) return;
    const Image image = with_hidden_colour_cleared(decode_image(archive_->read(), name));
    if (image.width != kSide || image.height != kSide) {
      ++other_sizes_;
    } else if (content_rect(image).width == 0) {
      return;
    } else if (!seen_.insert(sha256_hex(image.rgba)).second) {
      ++copies_;
    } else {
      std::string flat = folder + "-" + stem;
      std::replace(flat.begin(), flat.end(), '/', '-');
      writer_->add(class_name, flat, image);
      ++counts_[class_name];
    }
  }

  void finish() {
    if (counts_.empty())
      throw Failure(ErrorCode::kUnsupported, "the source package holds none of the tiles that are known",
                    "use another version of Debian, or draw the starter set instead");
    writer_->finish();
    DatasetWritten written{command_.job, command_.out, {}, {}, {}};
    int tiles = 0;
    for (const auto& [name, count] : counts_) {
      written.classes.push_back({name, count});
      tiles += count;
    }
    written.notes.push_back(std::to_string(tiles) + " tiles of Dungeon Crawl Stone Soup " + version_of(fetch_->archive()) +
                            ", CC0; " + std::to_string(other_sizes_) + " of another size than 32×32 and " +
                            std::to_string(copies_) + " copies of others are left out");
    outbox_.send(std::move(written));
  }

  FetchDungeonSet command_;
  Outbox& outbox_;
  std::optional<TileMapping> mapping_;
  std::optional<ClassFolderWriter> writer_;
  std::optional<SourcePackageFetch> fetch_;
  std::optional<ArchiveReader> archive_;
  std::string told_;
  std::map<std::string, int> counts_;
  std::set<std::string> seen_;
  int other_sizes_ = 0, copies_ = 0;
};

}  // namespace

std::shared_ptr<Job> make_job(FetchDungeonSet command, const JobContext& context) {
  return std::make_shared<DungeonJob>(std::move(command), context.outbox);
}

}  // namespace kiln
