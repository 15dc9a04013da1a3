#include "engine/session/apt_source.h"

#include <doctest/doctest.h>

#include <cstdlib>

#include "engine/base/error.h"
#include "tests/engine/session/local_archive.h"

using namespace kiln;
using namespace kiln::test;

TEST_CASE("one-line entries are asked for sources, each once; comments and what is switched off are not") {
  CHECK(
      as_source_entries(
          "# a comment\ndeb http://a.example/debian stable main contrib # and more\n\n  deb [arch=amd64 signed-by=/k.gpg]  "
          "http://b.example/ stable main\n"
          "#deb http://off.example/ x main\ndeb-src http://a.example/debian stable main contrib\nrpm http://c.example/\ndebris x\n",
          false) ==
      "deb-src http://a.example/debian stable main contrib\ndeb-src [arch=amd64 signed-by=/k.gpg]  http://b.example/ stable "
      "main\n");
}

TEST_CASE("stanzas are asked for sources with all else as it was; those that are switched off are not") {
  const std::string text =
      "# words\nTypes: deb deb-src\nURIs: http://a.example/debian\n# inside\nSuites: stable stable-updates\nComponents: "
      "main\nSigned-By:\n -----BEGIN-----\n .\n abc\n\n"
      "\nEnabled: no\nTypes: deb\nURIs: http://off.example/\nSuites: x\n\n"
      "types: deb\nURIs: http://b.example/\nSuites: ./";
  CHECK(as_source_entries(text, true) ==
        "Types: deb-src\nURIs: http://a.example/debian\nSuites: stable stable-updates\nComponents: main\nSigned-By:\n "
        "-----BEGIN-----\n .\n abc\n\n"
        "Types: deb-src\nURIs: http://b.example/\nSuites: ./\n\n");
}

TEST_CASE("a source package comes through apt from an archive that its configuration names, and nothing is left behind") {
  if (!LocalArchive::possible()) return;
  for (const bool deb822 : {false, true}) {
    LocalArchive archive("crawl", "1.2", {{"crawl-1.2/readme", "words"}}, deb822);
    REQUIRE(archive.made());
    std::filesystem::path fetched;
    {
      SourcePackageFetch fetch("crawl");
      while (fetch.step()) CHECK(!fetch.doing().empty());
      fetched = fetch.archive();
      CHECK(fetched.filename() == "crawl_1.2.orig.tar.gz");
      CHECK(read_file(fetched) == read_file(archive.tar()));
    }
    CHECK(!std::filesystem::exists(fetched.parent_path().parent_path()));
  }
}

TEST_CASE("without the package, or without an archive, it is said in a sentence with a hint") {
  if (!LocalArchive::possible()) return;
  LocalArchive archive("crawl", "1.2", {{"crawl-1.2/readme", "words"}}, false);
  REQUIRE(archive.made());
  const auto error_of = [](const char* package) {
    try {
      SourcePackageFetch fetch(package);
      while (fetch.step()) {
      }
    } catch (const Failure& failure) {
      return failure.error();
    }
    return Error{};
  };
  const Error missing = error_of("walrus");
  CHECK(missing.message.find("walrus") != std::string::npos);
  CHECK(!missing.hint.empty());
  archive.name_nothing();
  const Error none = error_of("crawl");
  CHECK(none.message == "no archive is named in this machine's apt configuration");
  CHECK(!none.hint.empty());
}
