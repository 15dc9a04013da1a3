#include "app/state/notices.h"

#include <doctest/doctest.h>

namespace kiln {
namespace {

TEST_CASE("An error is told with all that is known of it") {
  Notices notices;
  notices.add(Error{ErrorCode::kCorrupt, "“a.png” is damaged", "use another file", "bad CRC in IDAT"});
  CHECK(whole_text(notices.shown().back()) == "“a.png” is damaged\nuse another file\nbad CRC in IDAT");
  notices.add(NoticeKind::kDone, "saved a.png");
  CHECK(whole_text(notices.shown().back()) == "saved a.png");
}

TEST_CASE("The others are looked at one after the other; when there are too many, the oldest goes") {
  Notices notices;
  for (const char* message : {"a", "b", "c"}) notices.add(NoticeKind::kInfo, message);
  std::string seen;
  for (int i = 0; i < 4; ++i) {
    seen += notices.shown().back().message;
    notices.show_next();
  }
  CHECK(seen == "cbac");
  notices.add(NoticeKind::kInfo, "d");
  CHECK(notices.shown().back().message == "d");
  notices.show_next();
  notices.show_next();
  seen.clear();
  for (const Notice& notice : notices.shown()) seen += notice.message;
  CHECK(seen.find('a') == std::string::npos);
  CHECK(seen.size() == Notices::kMost);
}

TEST_CASE("Nothing told is nothing to look at") {
  Notices notices;
  notices.show_next();
  CHECK(notices.shown().empty());
}

}  // namespace
}  // namespace kiln
