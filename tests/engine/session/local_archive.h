#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>

#include "engine/base/file.h"
#include "engine/base/sha256.h"
#include "tests/support/temporary_folder.h"

namespace kiln::test {

// A made-up Debian archive of one source package in a folder, and an apt configuration that names it and nothing else, for as long
// as this lives. No network.
class LocalArchive {
 public:
  static bool possible() { return std::system("apt-get --version >/dev/null 2>&1") == 0; }

  LocalArchive(const std::string& package, const std::string& version, const std::map<std::string, std::string>& files,
               bool deb822) {
    for (const auto& [name, text] : files) write_file(folder_ / "content" / name, text);
    const std::filesystem::path tar = folder_ / (package + "_" + version + ".orig.tar.gz");
    made_ = std::system(("tar -C '" + (folder_ / "content").string() + "' -czf '" + tar.string() + "' .").c_str()) == 0;
    const std::string dsc_name = package + "_" + version + "-1.dsc";
    write_file(folder_ / dsc_name, std::string_view("Format: 3.0 (quilt)\n"));
    const auto listed = [&](const std::string& name) {
      const Bytes bytes = read_file(folder_ / name);
      return " " + sha256_hex(bytes) + " " + std::to_string(bytes.size()) + " " + name + "\n";
    };
    write_file(folder_ / "Sources", "Package: " + package + "\nFormat: 3.0 (quilt)\nBinary: " + package +
                                        "\nArchitecture: any\nVersion: " + version + "-1\nDirectory: .\nChecksums-Sha256:\n" +
                                        listed(dsc_name) + listed(tar.filename().string()) + "\n");
    const std::string place = "file:" + folder_.path().string();
    std::filesystem::create_directories(folder_ / "parts");
    if (deb822) {
      write_file(folder_ / "parts/local.sources", "Types: deb\nURIs: " + place + "\nSuites: ./\nTrusted: yes\n");
      write_file(folder_ / "sources.list", std::string_view(""));
    } else {
      write_file(folder_ / "sources.list", "deb [trusted=yes] " + place + " ./\n");
    }
    write_file(folder_ / "apt.conf", "Dir::Etc::sourcelist \"" + (folder_ / "sources.list").string() +
                                         "\";\nDir::Etc::sourceparts \"" + (folder_ / "parts").string() + "\";\n");
    ::setenv("APT_CONFIG", (folder_ / "apt.conf").c_str(), 1);
  }
  LocalArchive(const LocalArchive&) = delete;
  LocalArchive& operator=(const LocalArchive&) = delete;
  ~LocalArchive() { ::unsetenv("APT_CONFIG"); }

  bool made() const { return made_; }

 private:
  TemporaryFolder folder_;
  bool made_ = false;
};

}  // namespace kiln::test
