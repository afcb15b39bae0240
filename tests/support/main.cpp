// The main function of every test program: doctest's, but a filter that selects no test case is a
// failure, where doctest alone reports success.

#define DOCTEST_CONFIG_IMPLEMENT
#include <doctest/doctest.h>

#include <iostream>

namespace {

unsigned cases_run = 0;

struct CountCases : doctest::IReporter {
    explicit CountCases(const doctest::ContextOptions&) {}
    void report_query(const doctest::QueryData&) override {}
    void test_run_start() override {}
    void test_run_end(const doctest::TestRunStats& stats) override {
        cases_run = stats.numTestCasesPassingFilters;
    }
    void test_case_start(const doctest::TestCaseData&) override {}
    void test_case_reenter(const doctest::TestCaseData&) override {}
    void test_case_end(const doctest::CurrentTestCaseStats&) override {}
    void test_case_exception(const doctest::TestCaseException&) override {}
    void subcase_start(const doctest::SubcaseSignature&) override {}
    void subcase_end() override {}
    void log_assert(const doctest::AssertData&) override {}
    void log_message(const doctest::MessageData&) override {}
    void test_case_skipped(const doctest::TestCaseData&) override {}
};

REGISTER_LISTENER("count_cases", 1, CountCases);

} // namespace

int main(int argc, char** argv) {
    // Failures are reported where std::cout leads now, also while a test keeps what it prints
    std::ostream report(std::cout.rdbuf());
    doctest::Context context(argc, argv);
    context.setCout(&report);
    const int result = context.run();
    if (context.shouldExit())
        return result;
    if (cases_run == 0) {
        std::cerr << "No test case was selected: a test that runs nothing proves nothing.\n";
        return 2;
    }
    return result;
}
