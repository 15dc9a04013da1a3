#include "engine/gallery/index.h"

#include <sqlite3.h>

#include <span>
#include <system_error>

#include "engine/base/log.h"
#include "engine/base/text.h"

namespace kiln {
namespace {

constexpr int kVersion = 1;  // of the table; another one is made anew
constexpr const char* kTable =
    "CREATE TABLE IF NOT EXISTS items (file TEXT PRIMARY KEY, changed INTEGER, bytes INTEGER, width INTEGER, height INTEGER, "
    "problem TEXT, recipe TEXT, class TEXT, model TEXT, seed INTEGER, sprites INTEGER, colours TEXT, thumbnail_width INTEGER, "
    "thumbnail_height INTEGER, thumbnail BLOB) WITHOUT ROWID";
constexpr int kPatience_ms = 2000;  // with another program that writes

class Statement {
 public:
  Statement(sqlite3* database, const char* text) {
    if (sqlite3_prepare_v2(database, text, -1, &statement_, nullptr) != SQLITE_OK) statement_ = nullptr;
  }
  ~Statement() { sqlite3_finalize(statement_); }
  Statement(const Statement&) = delete;
  Statement& operator=(const Statement&) = delete;

  void bind(int place, const std::string& text) {
    sqlite3_bind_text(statement_, place, text.data(), static_cast<int>(text.size()), SQLITE_STATIC);
  }
  void bind(int place, std::int64_t number) { sqlite3_bind_int64(statement_, place, number); }
  // They are looked at in step().
  void bind(int place, std::span<const std::uint8_t> bytes) {
    sqlite3_bind_blob(statement_, place, bytes.data(), static_cast<int>(bytes.size()), SQLITE_STATIC);
  }
  // SQLITE_ROW, SQLITE_DONE or an error.
  int step() { return statement_ == nullptr ? SQLITE_ERROR : sqlite3_step(statement_); }
  void reset() { sqlite3_reset(statement_); }

  std::string text(int column) {
    const auto* letters = static_cast<const char*>(sqlite3_column_blob(statement_, column));
    return letters == nullptr ? std::string()
                              : std::string(letters, static_cast<std::size_t>(sqlite3_column_bytes(statement_, column)));
  }
  std::int64_t number(int column) { return sqlite3_column_int64(statement_, column); }
  std::vector<std::uint8_t> bytes(int column) {
    const auto* first = static_cast<const std::uint8_t*>(sqlite3_column_blob(statement_, column));
    return first == nullptr ? std::vector<std::uint8_t>()
                            : std::vector<std::uint8_t>(first, first + sqlite3_column_bytes(statement_, column));
  }

 private:
  sqlite3_stmt* statement_ = nullptr;
};

bool run(sqlite3* database, const std::string& text) {
  return sqlite3_exec(database, text.c_str(), nullptr, nullptr, nullptr) == SQLITE_OK;
}

int version_of(sqlite3* database) {
  Statement statement(database, "PRAGMA user_version");
  return statement.step() == SQLITE_ROW ? static_cast<int>(statement.number(0)) : -1;
}

// Whether the row is one that this program wrote.
bool read_row(Statement& row, GalleryItem& item) {
  item.file = row.text(0);
  item.changed_ns = row.number(1);
  item.bytes = row.number(2);
  item.width = static_cast<int>(row.number(3));
  item.height = static_cast<int>(row.number(4));
  item.problem = row.text(5);
  item.recipe = row.text(6);
  item.class_name = row.text(7);
  item.model = row.text(8);
  item.seed = static_cast<std::uint64_t>(row.number(9));
  item.sprites = static_cast<int>(row.number(10));
  if (const std::string colours = row.text(11); !colours.empty()) item.colours = split(colours, ' ');
  const std::int64_t width = row.number(12), height = row.number(13);
  if (width < 0 || height < 0 || width > kLargestThumbnail || height > kLargestThumbnail) return false;
  item.thumbnail.width = static_cast<int>(width);
  item.thumbnail.height = static_cast<int>(height);
  item.thumbnail.rgba = row.bytes(14);
  return item.thumbnail.rgba.size() == static_cast<std::size_t>(width * height * 4);
}

void write_row(Statement& row, const GalleryItem& item, const std::string& colours) {
  row.bind(1, item.file);
  row.bind(2, item.changed_ns);
  row.bind(3, item.bytes);
  row.bind(4, std::int64_t{item.width});
  row.bind(5, std::int64_t{item.height});
  row.bind(6, item.problem);
  row.bind(7, item.recipe);
  row.bind(8, item.class_name);
  row.bind(9, item.model);
  row.bind(10, static_cast<std::int64_t>(item.seed));
  row.bind(11, std::int64_t{item.sprites});
  row.bind(12, colours);
  row.bind(13, std::int64_t{item.thumbnail.width});
  row.bind(14, std::int64_t{item.thumbnail.height});
  row.bind(15, item.thumbnail.rgba);
  row.step();
  row.reset();
}

}  // namespace

GalleryIndex::GalleryIndex(const std::filesystem::path& file) {
  if (open(file.string())) return;
  std::error_code ignored;
  std::filesystem::remove(file, ignored);
  if (open(file.string()) || open(":memory:")) return;
  log_warn("the gallery has no index, so that all its files are read at each start");
}

GalleryIndex::~GalleryIndex() { sqlite3_close(database_); }

bool GalleryIndex::open(const std::string& name) {
  sqlite3_close(database_);
  database_ = nullptr;
  if (sqlite3_open(name.c_str(), &database_) != SQLITE_OK) return false;
  sqlite3_busy_timeout(database_, kPatience_ms);
  const int version = version_of(database_);
  if (version < 0) return false;
  if (version != kVersion && !run(database_, "DROP TABLE IF EXISTS items")) return false;
  // A power failure may cost the index, never a picture.
  return run(database_, "PRAGMA synchronous=OFF") && run(database_, kTable) &&
         (version == kVersion || run(database_, "PRAGMA user_version=" + std::to_string(kVersion)));
}

std::vector<GalleryItem> GalleryIndex::items() {
  std::vector<GalleryItem> items;
  Statement rows(database_,
                 "SELECT file, changed, bytes, width, height, problem, recipe, class, model, seed, sprites, colours, "
                 "thumbnail_width, thumbnail_height, thumbnail FROM items ORDER BY file");
  while (rows.step() == SQLITE_ROW) {
    GalleryItem item;
    if (read_row(rows, item)) items.push_back(std::move(item));
  }
  return items;
}

void GalleryIndex::change(const std::vector<const GalleryItem*>& put, const std::vector<std::string>& gone) {
  if (put.empty() && gone.empty()) return;
  run(database_, "BEGIN IMMEDIATE");
  Statement row(database_, "INSERT OR REPLACE INTO items VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
  for (const GalleryItem* item : put) write_row(row, *item, joined(item->colours, " "));
  Statement away(database_, "DELETE FROM items WHERE file = ?");
  for (const std::string& file : gone) {
    away.bind(1, file);
    away.step();
    away.reset();
  }
  if (!run(database_, "COMMIT")) run(database_, "ROLLBACK");
}

}  // namespace kiln
